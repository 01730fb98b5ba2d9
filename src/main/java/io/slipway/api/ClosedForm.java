package io.slipway.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.Part;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A multipart request whose body nobody reads by accident: every look at a parameter would put the whole form on the disk, before
 * anybody knows who sent it and whether anybody wants it. It has the parameters of its query alone; {@link UploadReader} takes the body.
 */
final class ClosedForm extends HttpServletRequestWrapper {

    private final Map<String, String[]> query;

    ClosedForm(HttpServletRequest request) {
        super(request);
        query = Query.parameters(request.getQueryString());
    }

    static boolean isMultipart(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.strip().regionMatches(true, 0, "multipart/", 0, 10);
    }

    @Override
    public @Nullable String getParameter(String name) {
        String[] values = query.get(name);
        return values == null ? null : values[0];
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        return query.get(name);
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        return query;
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(query.keySet());
    }

    @Override
    public Collection<Part> getParts() {
        return List.of();
    }

    @Override
    public @Nullable Part getPart(String name) {
        return null;
    }
}
