package io.slipway.project.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What people are told about a field: in the API's document, on the console's form and in the message of a mistake. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface About {

    /** Above the field on the form. */
    String label();

    /** Behind the label: the unit, or how several values are written. */
    String note() default "";

    /** What stands in the empty field on the form. */
    String placeholder() default "";

    /** For the API's document: a sentence or two. */
    String text();

    /** As JSON for a list or map, else as it is. */
    String example();

    Part part();

    /** The part of the form where the field stands. */
    enum Part {
        RUN,
        SETTINGS,
        LAUNCH,
        /** The API alone has it. */
        NONE
    }
}
