package io.slipway.api.clients;

import java.io.IOException;
import java.io.Writer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/**
 * The answer to what Tomcat refuses before the application sees it, such as an address with a bracket in it. Public because Tomcat
 * makes it, by its name.
 */
public final class ProblemReportValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            response.setContentType("application/problem+json");
            response.setCharacterEncoding("UTF-8");
            if (status == 503) {
                response.setHeader("Retry-After", "5");
            }
            Writer out = response.getReporter();
            if (out != null) {
                out.write(body(status));
                response.finishResponse();
            }
        } catch (IOException | IllegalStateException gone) {
            container.getLogger().debug("A refusal could not be sent", gone);
        }
    }

    private static String body(int status) {
        boolean isOurs = status >= 500 && status != 501 && status != 505;
        String type = status == 404 ? "not-found" : isOurs ? "internal-error" : "malformed-request";
        String title = status == 404
                ? "There is nothing here"
                : isOurs ? "A fault of the service" : "The request cannot be read";
        return "{\"type\":\"urn:slipway:problem:" + type + "\",\"title\":\"" + title + "\",\"status\":" + status
                + ",\"detail\":\"" + (isOurs ? "The service's log says more." : "Its line or its headers are no HTTP.")
                + "\"}";
    }
}
