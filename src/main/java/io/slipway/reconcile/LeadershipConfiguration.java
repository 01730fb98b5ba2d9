package io.slipway.reconcile;

import com.zaxxer.hikari.HikariDataSource;
import io.slipway.vitals.Faults;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.transaction.PlatformTransactionManager;

/** One leader: the process that has the H2 file open, or the replica that holds the lease in PostgreSQL. */
@Configuration(proxyBeanMethods = false)
class LeadershipConfiguration {

    /** Tells the replicas apart for people: {@code pid@host}. */
    static final String SELF = ManagementFactory.getRuntimeMXBean().getName();

    @Bean
    Leadership leadership(
            DataSource database,
            PlatformTransactionManager transactions,
            ReconcileSettings settings,
            Faults faults,
            Clock clock)
            throws MetaDataAccessException {
        return isEmbedded(database)
                ? new OnlyProcess()
                : LeasedLeadership.in(database, transactions, settings.lease(), faults, clock);
    }

    @Bean
    static TransactionPatience transactionPatience(DataSource database) throws MetaDataAccessException {
        return isEmbedded(database) ? () -> {} : new PostgresPatience(new JdbcTemplate(database));
    }

    private static boolean isEmbedded(DataSource database) throws MetaDataAccessException {
        return "H2"
                .equals(JdbcUtils.<String>extractDatabaseMetaData(
                        database, metaData -> metaData.getDatabaseProductName()));
    }

    /**
     * A replica that is paused in the middle of a transaction keeps its row locks, the lease's row among them, and nobody else could
     * go on: PostgreSQL ends such a transaction.
     */
    @Bean
    static BeanPostProcessor noTransactionOutlivesItsReplica(Environment environment) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof HikariDataSource pool
                        && pool.getJdbcUrl() != null
                        && pool.getJdbcUrl().startsWith("jdbc:postgresql:")) {
                    String lease = environment.getProperty("slipway.reconcile.lease", "10s");
                    pool.setConnectionInitSql("set idle_in_transaction_session_timeout = '" + millis(lease) + "ms'");
                }
                return bean;
            }
        };
    }

    /** For this transaction alone. */
    private record PostgresPatience(JdbcTemplate database) implements TransactionPatience {
        @Override
        public void extend() {
            database.queryForObject(
                    "select set_config('idle_in_transaction_session_timeout', '5min', true)", String.class);
        }
    }

    private static long millis(String duration) {
        return DurationStyle.detectAndParse(duration).toMillis();
    }

    /** An embedded database is open in one process at a time: whoever runs this code leads. */
    private static final class OnlyProcess implements Leadership {
        @Override
        public String self() {
            return SELF;
        }

        @Override
        public boolean isHeld() {
            return true;
        }

        @Override
        public long term() {
            return 1;
        }
    }
}
