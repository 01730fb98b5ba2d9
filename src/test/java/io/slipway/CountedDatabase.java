package io.slipway;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Notes each statement that is sent to the database, and each commit: what one request costs. Imported by a test, it wraps the pool. */
public class CountedDatabase implements BeanPostProcessor {

    public static final String COMMIT = "commit";

    private final List<String> sent = new CopyOnWriteArrayList<>();

    /** In their order, as they were written; {@link #COMMIT} where a transaction ended. */
    public List<String> sent() {
        return List.copyOf(sent);
    }

    public void clear() {
        sent.clear();
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource pool ? wrapped(DataSource.class, pool, "") : bean;
    }

    private <T> T wrapped(Class<T> type, T target, String sql) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    String named = arguments != null && arguments[0] instanceof String text ? text : sql;
                    if (target instanceof Statement && method.getName().startsWith("execute")) {
                        sent.add(named);
                    } else if (method.getName().equals("commit")) {
                        sent.add(COMMIT);
                    }
                    try {
                        Object answer = method.invoke(target, arguments);
                        return method.getName().equals("unwrap") ? answer : wrapped(answer, named);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                }));
    }

    private Object wrapped(Object answer, String sql) {
        if (answer instanceof Connection connection) {
            return wrapped(Connection.class, connection, sql);
        }
        if (answer instanceof PreparedStatement statement) {
            return wrapped(PreparedStatement.class, statement, sql);
        }
        return answer instanceof Statement statement ? wrapped(Statement.class, statement, sql) : answer;
    }
}
