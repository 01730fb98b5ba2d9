package io.slipway.sources.git;

import io.slipway.sources.SourceFailure;
import io.slipway.sources.SourceFailure.Kind;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.jspecify.annotations.Nullable;

/** One request to a repository; what comes back is counted. */
final class GitHttpConnection implements HttpConnection {

    private final URL url;
    private final CloseableHttpClient client;
    private final FetchBounds bounds;
    private final IntConsumer status;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private String method = "GET";
    private @Nullable HttpUriRequestBase sent;
    private @Nullable ClassicHttpResponse response;

    GitHttpConnection(URL url, CloseableHttpClient client, FetchBounds bounds, IntConsumer status) {
        this.url = url;
        this.client = client;
        this.bounds = bounds;
        this.status = status;
    }

    private ClassicHttpResponse response() throws IOException {
        ClassicHttpResponse known = response;
        if (known != null) {
            return known;
        }
        bounds.requireTime();
        HttpUriRequestBase request = new HttpUriRequestBase(method, URI.create(url.toString()));
        headers.forEach(request::setHeader);
        if (body.size() > 0) {
            request.setEntity(new ByteArrayEntity(body.toByteArray(), null));
        }
        sent = request;
        ClassicHttpResponse answer = client.executeOpen(null, request, null);
        response = answer;
        status.accept(answer.getCode());
        return answer;
    }

    private void abort() {
        HttpUriRequestBase request = sent;
        if (request != null) {
            request.abort();
        }
    }

    @Override
    public int getResponseCode() throws IOException {
        return response().getCode();
    }

    @Override
    public String getResponseMessage() throws IOException {
        return String.valueOf(response().getReasonPhrase());
    }

    @Override
    public InputStream getInputStream() throws IOException {
        if (getHeaderField(HttpHeaders.CONTENT_ENCODING) != null) {
            // Not asked for. Unpacked, it could be a thousand times what was counted.
            throw bounds.failed(
                    new SourceFailure(Kind.UNAVAILABLE, "The git host sent a compressed answer, which is not read."));
        }
        HttpEntity entity = response().getEntity();
        return entity == null ? InputStream.nullInputStream() : new Counted(entity.getContent(), this::abort, bounds);
    }

    /** Only what a server of git says by git's own protocol is read; JGit would else look for files under the URL. */
    @Override
    public String getContentType() {
        String type =
                Optional.ofNullable(getHeaderField(HttpHeaders.CONTENT_TYPE)).orElse("");
        if (response != null && response.getCode() == HTTP_OK && !type.startsWith("application/x-git-upload-pack-")) {
            throw bounds.failed(new SourceFailure(
                    Kind.NOT_FOUND,
                    "The URL was answered, but not by a server of git. Name the repository as git clone takes it."));
        }
        return type;
    }

    @Override
    public @Nullable String getHeaderField(String name) {
        try {
            Header header = response().getFirstHeader(name);
            return header == null ? null : header.getValue();
        } catch (IOException failure) {
            return null;
        }
    }

    @Override
    public List<String> getHeaderFields(String name) {
        return Optional.ofNullable(getHeaderFields().get(name)).orElse(List.of());
    }

    @Override
    public Map<String, List<String>> getHeaderFields() {
        ClassicHttpResponse answer = response;
        return answer == null
                ? Map.of()
                : Arrays.stream(answer.getHeaders())
                        .collect(Collectors.groupingBy(
                                NameValuePair::getName,
                                Collectors.mapping(NameValuePair::getValue, Collectors.toList())));
    }

    @Override
    public int getContentLength() {
        ClassicHttpResponse answer = response;
        HttpEntity entity = answer == null ? null : answer.getEntity();
        return entity == null ? -1 : (int) Math.min(Integer.MAX_VALUE, entity.getContentLength());
    }

    @Override
    public void setRequestProperty(String name, String value) {
        if (!name.equalsIgnoreCase(HttpHeaders.ACCEPT_ENCODING)) {
            headers.put(name, value);
        }
    }

    @Override
    public void setRequestMethod(String method) {
        this.method = method;
    }

    @Override
    public String getRequestMethod() {
        return method;
    }

    @Override
    public OutputStream getOutputStream() {
        return body;
    }

    @Override
    public URL getURL() {
        return url;
    }

    @Override
    public void connect() throws IOException {
        response();
    }

    @Override
    public boolean usingProxy() {
        return false;
    }

    // What the client was made with holds: JGit's wishes for these change nothing.

    @Override
    public void setUseCaches(boolean wanted) {}

    @Override
    public void setConnectTimeout(int millis) {}

    @Override
    public void setReadTimeout(int millis) {}

    @Override
    public void setInstanceFollowRedirects(boolean wanted) {}

    @Override
    public void setDoOutput(boolean wanted) {}

    @Override
    public void setFixedLengthStreamingMode(int length) {}

    @Override
    public void setChunkedStreamingMode(int length) {}

    @Override
    public void configure(
            KeyManager @Nullable [] keys, TrustManager @Nullable [] trust, @Nullable SecureRandom random) {
        throw new UnsupportedOperationException("certificates are always checked");
    }

    @Override
    public void setHostnameVerifier(HostnameVerifier verifier) {
        throw new UnsupportedOperationException("host names are always checked");
    }

    private static final class Counted extends FilterInputStream {

        private final Runnable abort;
        private final FetchBounds bounds;
        private boolean isAtEnd;

        Counted(InputStream in, Runnable abort, FetchBounds bounds) {
            super(in);
            this.abort = abort;
            this.bounds = bounds;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            isAtEnd |= read < 0;
            bounds.take(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] to, int from, int length) throws IOException {
            int read = super.read(to, from, length);
            isAtEnd |= read < 0;
            bounds.take(Math.max(0, read));
            return read;
        }

        @Override
        public long skip(long wanted) throws IOException {
            long skipped = super.skip(wanted);
            bounds.take(skipped);
            return skipped;
        }

        /** To close what was not read to its end would read it, were it endless. */
        @Override
        public void close() throws IOException {
            if (isAtEnd) {
                super.close();
            } else {
                abort.run();
            }
        }
    }
}
