package io.slipway.api;

import io.slipway.project.spec.SpecField;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The form of a new job as a browser sends it by itself, without our script. Its texts become those that the API takes: a field with an
 * entry a line becomes a field for each entry, and what was left empty was not sent.
 */
public final class PlainForm {

    private static final String ATTRIBUTE = PlainForm.class.getName();

    private static final Set<String> ENTRY_A_LINE = SpecField.all().stream()
            .filter(field -> !field.kind().isSingle())
            .map(SpecField::key)
            .collect(Collectors.toUnmodifiableSet());

    private PlainForm() {}

    /** From here on the request is known as a browser's own. */
    public static void mark(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, true);
    }

    /** Whether the answer is for a person, who is to see a page. */
    public static boolean is(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) != null;
    }

    /** The entries of a field; none where it was left empty. */
    static List<String> entries(String field, String text) {
        return (ENTRY_A_LINE.contains(field) ? text.lines().toList() : List.of(text))
                .stream().filter(entry -> !entry.isBlank()).toList();
    }
}
