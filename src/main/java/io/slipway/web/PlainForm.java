package io.slipway.web;

import io.slipway.project.spec.SpecField;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The form of a new job as a browser sends it by itself, without our script: as the API takes it. A field with an entry a line becomes a
 * field for each entry, and what was left empty was not sent.
 */
final class PlainForm extends HttpServletRequestWrapper {

    private static final String ATTRIBUTE = PlainForm.class.getName();

    private static final String PROJECT = "project";

    /** Not of the job: the security filters ask for it alone. */
    private static final String CSRF = "_csrf";

    private static final Set<String> ENTRY_A_LINE = SpecField.all().stream()
            .filter(field -> !field.kind().isSingle())
            .map(SpecField::key)
            .collect(Collectors.toUnmodifiableSet());

    PlainForm(HttpServletRequest request) {
        super(request);
        setAttribute(ATTRIBUTE, true);
    }

    /** Whether the answer is for a person, who is to see a page. */
    static boolean is(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) != null;
    }

    @Override
    public Collection<Part> getParts() throws IOException, ServletException {
        return super.getParts().stream().filter(PlainForm::isFilled).toList();
    }

    private static boolean isFilled(Part part) {
        return part.getSubmittedFileName() == null || part.getSize() > 0;
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        Map<String, String[]> all = new LinkedHashMap<>();
        super.getParameterMap().forEach((name, values) -> {
            String[] entries = Stream.of(values)
                    .flatMap(value -> ENTRY_A_LINE.contains(name) ? value.lines() : Stream.of(value))
                    .filter(value -> !value.isBlank())
                    .toArray(String[]::new);
            // The earlier job's project stands in the form until another one is chosen.
            if (entries.length > 0 && !name.equals(CSRF) && !(name.equals(PROJECT) && sendsProject())) {
                all.put(name, entries);
            }
        });
        return Collections.unmodifiableMap(all);
    }

    private boolean sendsProject() {
        try {
            return getParts().stream()
                    .anyMatch(part -> part.getSubmittedFileName() != null
                            && part.getName().equals(PROJECT));
        } catch (IOException | ServletException unread) {
            return false;
        }
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        return getParameterMap().get(name);
    }

    @Override
    public @Nullable String getParameter(String name) {
        String[] values = name.equals(CSRF) ? super.getParameterValues(name) : getParameterValues(name);
        return values == null ? null : List.of(values).get(0);
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(getParameterMap().keySet());
    }
}
