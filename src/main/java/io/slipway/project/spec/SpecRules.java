package io.slipway.project.spec;

/**
 * Patterns and words of the rules that {@link WrittenSpec} sets. A message goes on from the field's name; one that begins with "is no" or
 * "is none" goes on from the value. No message quotes a value of the environment: those are secrets.
 */
final class SpecRules {

    /** The categories are those that nobody can see. */
    static final String NAME = "(?U)(?=.*\\S)[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Co}\\p{Cn}]{1,200}";

    static final String NAME_MESSAGE = "must have 1 to 200 printable characters";

    static final String DURATION = "is no duration; write it as 2h, 90m, 1h30m, P1D or PT2H, up to 30 days";
    static final long LONGEST_DAYS = 30;

    static final String CONF_KEY = "[^\\s=]+";
    static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]*";
    static final String LABEL_KEY = "[A-Za-z0-9._/-]{1,100}";

    /** Looked at first: the patterns below take long for long texts. */
    private static final String NOT_LONG = "(?=.{1,1000}\\z)";

    /** A host with a port, names, a tag, a digest; it can never look like an option. */
    static final String IMAGE = NOT_LONG + "[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
            + "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?";

    static final String ROLE =
            NOT_LONG + "arn:aws[a-z-]*:iam::[0-9]{12}:role/([A-Za-z0-9+=,.@_-]+/)*[A-Za-z0-9+=,.@_-]{1,64}";

    static final String ENVIRONMENT = NOT_LONG
            + "((s3|s3a|hdfs)://[A-Za-z0-9._:-]*/[A-Za-z0-9._/=+@-]+\\.(tar\\.gz|tgz|tar|zip)|sha256:[0-9a-f]{64})";

    static final String PYTHON = "3\\.[0-9]{1,2}";

    private static final String COORDINATE = "\\s*[A-Za-z0-9._-]+[:/][A-Za-z0-9._-]+:[A-Za-z0-9._+-]+\\s*";
    static final String MAVEN = NOT_LONG + COORDINATE + "(," + COORDINATE + ")*";

    private static final String ADDRESS = "\\s*[a-z][a-z0-9+.-]*://[^/@\\s,]*(/[^\\s,]*)?\\s*";
    static final String REPOSITORY = NOT_LONG + ADDRESS + "(," + ADDRESS + ")*";

    /** Within the working folder: not from the root, never upwards, and no control characters. */
    static final String RESULT = "(?!/)(?!(.*/)?\\.{1,2}(/.*)?\\z)[^\\\\\\p{Cntrl}]{1,500}";

    static final String NO_RESULT =
            "is no path of the working folder, such as out/** or report.csv: relative, without '..' and backslashes";

    static final String TOO_MANY_RESOURCES = "are more than 100 or longer than 102,400 characters";

    static final int MAX_CHARACTERS = 100 * 1024;

    private SpecRules() {}
}
