package io.slipway.project.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Python file does when it is started, as far as its lines tell that without Python: a job is accepted in milliseconds, and on
 * machines without an interpreter, too. The analysis of a plan reads the syntax tree and knows better.
 *
 * @param does whether anything happens at module level, or under a {@code __main__} guard
 * @param defines whether it has functions or classes
 * @param isGuarded whether it asks if it is the program that was started
 */
record PythonOutline(boolean does, boolean defines, boolean isGuarded) {

    private static final Pattern DEFINITION = Pattern.compile("(?:async\\s+def|def|class)\\b.*", Pattern.DOTALL);
    private static final Pattern IMPORT = Pattern.compile("(?:from|import)\\b.*", Pattern.DOTALL);
    private static final Pattern CONDITION =
            Pattern.compile("(?:if|elif|else|try|except|finally)\\b.*", Pattern.DOTALL);
    private static final Pattern STATEMENT =
            Pattern.compile("(?:for|while|with|async|assert|del|match|exec|print)\\b.*", Pattern.DOTALL);
    private static final Pattern CALL = Pattern.compile("([\\p{L}_][\\p{L}\\p{N}_]*)\\s*\\(");
    private static final Set<String> NO_CALLS =
            Set.of("and", "else", "if", "in", "is", "lambda", "not", "or", "return", "yield");

    /** Calls at module level that only prepare something; the analyser has the same. */
    private static final Set<String> QUIET = Set.of(
            ("getLogger basicConfig setLevel addHandler getenv get Path compile namedtuple TypeVar filterwarnings simplefilter insert"
                            + " append load_dotenv dict list set tuple frozenset int str float bool join dirname abspath realpath resolve split"
                            + " lower upper strip StructType StructField ArrayType MapType StringType IntegerType LongType DoubleType FloatType"
                            + " BooleanType DateType TimestampType DecimalType udf")
                    .split(" "));

    static PythonOutline of(String source) {
        Lines lines = lines(source);
        // Whether a file does something that nobody can read to its end is for Python to say, in words that help.
        boolean does = !lines.isWhole();
        boolean defines = false;
        boolean isGuarded = false;
        int skipped = Integer.MAX_VALUE;
        for (Line line : lines.all()) {
            if (line.indent() > skipped) {
                continue;
            }
            skipped = Integer.MAX_VALUE;
            if (DEFINITION.matcher(line.code()).matches()) {
                defines = true;
                skipped = line.indent();
            } else {
                does |= doesSomething(line.code());
                isGuarded |=
                        CONDITION.matcher(line.code()).matches() && line.code().contains("__name__");
            }
        }
        return new PythonOutline(does, defines, isGuarded);
    }

    private static boolean doesSomething(String code) {
        if (code.startsWith("@") || IMPORT.matcher(code).matches() && code.indexOf(';') < 0) {
            return false;
        }
        if (CONDITION.matcher(code).matches()) {
            return code.contains("__name__") || calls(code.substring(code.lastIndexOf(':') + 1));
        }
        return STATEMENT.matcher(code).matches() || calls(code);
    }

    private static boolean calls(String code) {
        Matcher calls = CALL.matcher(code);
        while (calls.find()) {
            if (!QUIET.contains(calls.group(1)) && !NO_CALLS.contains(calls.group(1))) {
                return true;
            }
        }
        return false;
    }

    /** A line as Python sees it: over several of the file when brackets are open, without texts and comments. */
    private record Line(int indent, String code) {}

    /** @param isWhole whether no bracket and no text is still open at the end */
    private record Lines(List<Line> all, boolean isWhole) {}

    private static Lines lines(String source) {
        List<Line> lines = new ArrayList<>();
        StringBuilder code = new StringBuilder();
        int indent = 0;
        int open = 0;
        int at = 0;
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '#') {
                at = endOfLine(source, at);
            } else if (c == '"' || c == '\'') {
                code.append("''");
                at = endOfText(source, at);
            } else if (c == '\\' && at + 1 < source.length() && "\r\n".indexOf(source.charAt(at + 1)) >= 0) {
                at = endOfLine(source, at + 1) + 1;
            } else if (c == '\n' && open == 0) {
                add(lines, indent, code);
                indent = 0;
                at++;
            } else {
                open = Math.max(0, open + ("([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0));
                indent += code.isEmpty() && c == ' ' ? 1 : code.isEmpty() && c == '\t' ? 8 : 0;
                if (!code.isEmpty() || !Character.isWhitespace(c)) {
                    code.append(c);
                }
                at++;
            }
        }
        add(lines, indent, code);
        return new Lines(lines, open == 0 && at == source.length());
    }

    private static void add(List<Line> lines, int indent, StringBuilder code) {
        String text = code.toString().strip();
        if (!text.isEmpty()) {
            lines.add(new Line(indent, text));
        }
        code.setLength(0);
    }

    private static int endOfLine(String source, int from) {
        int end = source.indexOf('\n', from);
        return end < 0 ? source.length() : end;
    }

    private static int endOfText(String source, int from) {
        char quote = source.charAt(from);
        String three = String.valueOf(quote).repeat(3);
        boolean isLong = source.startsWith(three, from);
        int at = from + (isLong ? 3 : 1);
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '\\') {
                at += 2;
            } else if (isLong ? source.startsWith(three, at) : c == quote) {
                return at + (isLong ? 3 : 1);
            } else if (!isLong && c == '\n') {
                return at;
            } else {
                at++;
            }
        }
        return source.length() + 1;
    }
}
