package io.slipway;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfiguration;

/**
 * A {@link PersistenceTest} on a real PostgreSQL. Classes of one JVM that want the same beans share a context, which costs seconds, and with it the
 * database; each class finds it empty.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ContextConfiguration(initializers = OnPostgres.Fresh.class)
@ExtendWith(EmptyTables.class)
public @interface OnPostgres {

    /** Makes the database of a context. */
    class Fresh implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            Databases.postgres().configure(context);
        }
    }
}
