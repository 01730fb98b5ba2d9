package io.slipway.project.spec;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How much a list or a map may hold: a count of entries, and of characters in all of them. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@Constraint(validatedBy = {Bounded.OfList.class, Bounded.OfMap.class})
@interface Bounded {

    int entries();

    int characters() default SpecRules.MAX_CHARACTERS;

    String message();

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    final class OfList implements ConstraintValidator<Bounded, List<String>> {
        private Limit limit = Limit.NONE;

        @Override
        public void initialize(Bounded bounded) {
            limit = new Limit(bounded.entries(), bounded.characters());
        }

        @Override
        public boolean isValid(@Nullable List<String> list, ConstraintValidatorContext context) {
            return list == null
                    || limit.holds(
                            list.size(), list.stream().mapToLong(String::length).sum());
        }
    }

    final class OfMap implements ConstraintValidator<Bounded, Map<String, @Nullable String>> {
        private Limit limit = Limit.NONE;

        @Override
        public void initialize(Bounded bounded) {
            limit = new Limit(bounded.entries(), bounded.characters());
        }

        @Override
        public boolean isValid(@Nullable Map<String, @Nullable String> map, ConstraintValidatorContext context) {
            return map == null
                    || limit.holds(
                            map.size(),
                            map.entrySet().stream()
                                    .mapToLong(entry -> entry.getKey().length() + length(entry.getValue()))
                                    .sum());
        }

        private static int length(@Nullable String value) {
            return value == null ? 0 : value.length();
        }
    }

    record Limit(int entries, int characters) {
        static final Limit NONE = new Limit(Integer.MAX_VALUE, Integer.MAX_VALUE);

        boolean holds(int count, long length) {
            return count <= entries && length <= characters;
        }
    }
}
