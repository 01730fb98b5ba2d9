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
final class PlainForm {

    private static final Set<String> ENTRY_A_LINE = SpecField.all().stream()
            .filter(field -> !field.kind().isSingle())
            .map(SpecField::key)
            .collect(Collectors.toUnmodifiableSet());

    private PlainForm() {}

    /** Browsers say of a form that they send as they leave a page what no script can say. */
    static boolean is(HttpServletRequest request) {
        return "document".equals(request.getHeader("Sec-Fetch-Dest"));
    }

    /** The entries of a field; none where it was left empty. */
    static List<String> entries(String field, String text) {
        return (ENTRY_A_LINE.contains(field) ? text.lines().toList() : List.of(text))
                .stream().filter(entry -> !entry.isBlank()).toList();
    }
}
