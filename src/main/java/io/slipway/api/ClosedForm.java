package io.slipway.api;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A multipart request whose body nobody reads by accident: every look at a parameter would put the whole form on the disk, before
 * anybody knows who sent it and whether anybody wants it. Until it is opened, the query alone has parameters.
 */
final class ClosedForm extends HttpServletRequestWrapper {

    private final Map<String, String[]> query;
    private boolean isOpen;

    ClosedForm(HttpServletRequest request) {
        super(request);
        query = Query.parameters(request.getQueryString());
    }

    static boolean isMultipart(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.strip().regionMatches(true, 0, "multipart/", 0, 10);
    }

    void open() {
        isOpen = true;
    }

    boolean isOpen() {
        return isOpen;
    }

    @Override
    public @Nullable String getParameter(String name) {
        if (isOpen) {
            return super.getParameter(name);
        }
        String[] values = query.get(name);
        return values == null ? null : values[0];
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        return isOpen ? super.getParameterValues(name) : query.get(name);
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        return isOpen ? super.getParameterMap() : query;
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return isOpen ? super.getParameterNames() : Collections.enumeration(query.keySet());
    }

    @Override
    public Collection<Part> getParts() throws IOException, ServletException {
        return isOpen ? super.getParts() : List.of();
    }

    @Override
    public @Nullable Part getPart(String name) throws IOException, ServletException {
        return isOpen ? super.getPart(name) : null;
    }
}
