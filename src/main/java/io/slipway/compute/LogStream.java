package io.slipway.compute;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which log of a run it is, by what it holds. A name means the same for every cluster and mode, and never another log later on. This is the
 * one class that makes the public names and reads them.
 *
 * @param container as YARN numbers it, zeros in front ({@code 000002}, {@code e02-000002}), where there are many; else {@code null}
 * @param attempt of the YARN application, from 1: YARN may start it again, and then everything is printed once more
 * @param name {@code stdout}, {@code stderr} …; {@code spark} is its own
 */
public record LogStream(Role role, @Nullable String container, int attempt, String name)
        implements Comparable<LogStream> {

    /** What a log holds, in the order in which people look for it. */
    public enum Role {
        /** What the project's own program printed: {@code stdout}, {@code stderr}. */
        PROGRAM,
        /** What the JVM of the driver logged: {@code spark}. */
        SPARK,
        /** The application master of a program that runs elsewhere: {@code master-stderr}. */
        MASTER,
        /** One of a step's own files: {@code step-controller}. */
        STEP,
        /** A container of which nobody knows yet whether it is the driver's: {@code container-000002-stdout}. */
        CONTAINER,
        /** {@code executor-000003-stdout}. */
        EXECUTOR
    }

    public static final LogStream STDOUT = new LogStream(Role.PROGRAM, null, 1, "stdout");
    public static final LogStream STDERR = new LogStream(Role.PROGRAM, null, 1, "stderr");
    public static final LogStream SPARK = new LogStream(Role.SPARK, null, 1, "spark");

    private static final Comparator<LogStream> ORDER = Comparator.comparing(LogStream::role)
            .thenComparingInt(LogStream::attempt)
            .thenComparingInt(stream -> length(stream.container))
            .thenComparing(stream -> stream.container == null ? "" : stream.container)
            .thenComparing(LogStream::name, LogStream::byName);

    private static final Pattern NAME = Pattern.compile("(?:attempt-(?<attempt>[1-9]\\d{0,5})-)?(?:"
            + "(?<program>stdout|stderr)|(?<spark>spark)"
            + "|step-(?<step>controller|stderr|stdout|syslog)"
            + "|master-(?<master>stdout|stderr)"
            + "|(?<kind>executor|container)-(?<container>(?:e\\d{1,6}-)?\\d{1,15})-(?<file>stdout|stderr)"
            + "|driver-(?<olddriver>stdout|stderr)|(?<oldstep>controller|syslog))");

    public static LogStream ofStep(String file) {
        return new LogStream(Role.STEP, null, 1, file);
    }

    /** The same log of another attempt of the application. */
    public LogStream ofAttempt(int number) {
        return new LogStream(role, container, number, name);
    }

    /**
     * Reads a public name; also one of those that were in use before, whose stream then has another {@link #toString name}.
     *
     * @return empty for what never is a name of a log
     */
    public static Optional<LogStream> parse(String text) {
        Matcher matcher = NAME.matcher(text);
        return matcher.matches() ? Optional.of(read(matcher)) : Optional.empty();
    }

    private static LogStream read(Matcher matcher) {
        String attempt = matcher.group("attempt");
        return unnumbered(matcher).ofAttempt(attempt == null ? 1 : Integer.parseInt(attempt));
    }

    private static LogStream unnumbered(Matcher matcher) {
        String container = matcher.group("container");
        if (container != null) {
            Role role = Role.valueOf(matcher.group("kind").toUpperCase(Locale.ROOT));
            return new LogStream(role, container, 1, matcher.group("file"));
        }
        if (matcher.group("spark") != null || "stderr".equals(matcher.group("olddriver"))) {
            return SPARK;
        }
        String step = either(matcher, "step", "oldstep");
        if (step != null) {
            return ofStep(step);
        }
        String master = matcher.group("master");
        if (master != null) {
            return new LogStream(Role.MASTER, null, 1, master);
        }
        return "stderr".equals(matcher.group("program")) ? STDERR : STDOUT;
    }

    private static @Nullable String either(Matcher matcher, String group, String other) {
        return matcher.group(group) == null ? matcher.group(other) : matcher.group(group);
    }

    /** The public name. */
    @Override
    public String toString() {
        String again = attempt == 1 ? "" : "attempt-" + attempt + "-";
        return again
                + switch (role) {
                    case PROGRAM, SPARK -> name;
                    case MASTER, STEP -> role.name().toLowerCase(Locale.ROOT) + "-" + name;
                    case CONTAINER, EXECUTOR -> role.name().toLowerCase(Locale.ROOT) + "-" + container + "-" + name;
                };
    }

    @Override
    public int compareTo(LogStream other) {
        return ORDER.compare(this, other);
    }

    /** Numbers of containers have zeros in front, up to six digits; longer ones come after them. */
    private static int length(@Nullable String container) {
        return container == null ? 0 : container.length();
    }

    /** What a container prints before what its JVM logs. */
    private static int byName(String one, String other) {
        if (one.equals("stdout") || other.equals("stdout")) {
            return Boolean.compare(other.equals("stdout"), one.equals("stdout"));
        }
        return one.compareTo(other);
    }
}
