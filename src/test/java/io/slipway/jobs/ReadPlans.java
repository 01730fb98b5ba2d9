package io.slipway.jobs;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Lets the database explain, with the same parameters, each SELECT that the application sends while somebody listens. */
final class ReadPlans implements BeanPostProcessor {

    private static final Pattern ROWS = Pattern.compile(
            "actual time=\\S+ rows=([0-9.]+) loops=(\\d+)|Rows Removed by [^:]+: (\\d+)|scanCount: (\\d+)");

    private volatile List<String> heard;

    /** The plans of what the work asked. */
    List<String> of(Runnable work) {
        List<String> plans = new ArrayList<>();
        heard = plans;
        try {
            work.run();
        } finally {
            heard = null;
        }
        return plans;
    }

    /** Rows that the parts of a plan handed on or threw away, the most of one part. */
    static long mostRows(String plan) {
        long most = 0;
        Matcher rows = ROWS.matcher(plan);
        while (rows.find()) {
            double here = rows.group(1) != null
                    ? Double.parseDouble(rows.group(1)) * Long.parseLong(rows.group(2))
                    : Double.parseDouble(rows.group(3) != null ? rows.group(3) : rows.group(4));
            most = Math.max(most, (long) here);
        }
        return most;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource database ? wrap(DataSource.class, database, this::connections) : bean;
    }

    private Object connections(Object target, Method method, Object[] arguments) throws Throwable {
        Object result = call(target, method, arguments);
        return result instanceof Connection connection ? wrap(Connection.class, connection, this::statements) : result;
    }

    private Object statements(Object target, Method method, Object[] arguments) throws Throwable {
        Object result = call(target, method, arguments);
        if (heard == null
                || !method.getName().equals("prepareStatement")
                || !arguments[0].toString().startsWith("select")) {
            return result;
        }
        List<Object[]> set = new ArrayList<>();
        String sql = arguments[0].toString();
        return wrap(PreparedStatement.class, (PreparedStatement) result, (statement, verb, values) -> {
            if (verb.getName().startsWith("set") && values.length > 1) {
                set.add(new Object[] {verb, values});
            }
            if (verb.getName().equals("executeQuery") && heard != null) {
                heard.add(sql + "\n" + plan((Connection) target, sql, set));
            }
            return call(statement, verb, values);
        });
    }

    private static String plan(Connection connection, String sql, List<Object[]> set) throws Throwable {
        String explain = connection.getMetaData().getDatabaseProductName().equals("H2")
                ? "explain analyze "
                : "explain (analyze, buffers off) ";
        StringBuilder plan = new StringBuilder();
        try (PreparedStatement statement = connection.prepareStatement(explain + sql)) {
            for (Object[] one : set) {
                call(statement, (Method) one[0], (Object[]) one[1]);
            }
            try (ResultSet lines = statement.executeQuery()) {
                while (lines.next()) {
                    plan.append(lines.getString(1)).append('\n');
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot explain " + sql, e);
        }
        return plan.toString();
    }

    private interface Handler {
        Object handle(Object target, Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T wrap(Class<T> type, T target, Handler handler) {
        InvocationHandler invocations = (proxy, method, arguments) -> handler.handle(target, method, arguments);
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, invocations));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        }
    }
}
