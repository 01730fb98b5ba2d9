package io.slipway.sources.git;

import io.slipway.sources.SourceFailure;
import io.slipway.sources.SourceFailure.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URL;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;

/**
 * The way to one repository and to nothing else: its host, its path, and addresses that are allowed. The address that was checked is the
 * one that is connected to, so a name that has another address the next time it is asked for reaches nothing either.
 */
final class GitHttp implements HttpConnectionFactory, AutoCloseable {

    private static final Timeout CONNECT = Timeout.ofSeconds(3);
    private static final List<String> ENDS = List.of("", ".git");
    private static final List<String> REQUESTS = List.of("/info/refs", "/git-upload-pack");

    private final GitRepository repository;
    private final FetchBounds bounds;
    private final CloseableHttpClient client;
    private volatile int status;

    GitHttp(
            GitRepository repository,
            Addresses addresses,
            DnsResolver names,
            SSLContext trust,
            GitFetchSettings settings,
            FetchBounds bounds) {
        this.repository = repository;
        this.bounds = bounds;
        Timeout silence = Timeout.of(settings.silence());
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new Checked(names, addresses, repository, bounds))
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(trust))
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT)
                                .setSocketTimeout(silence)
                                .build())
                        .setDefaultSocketConfig(
                                SocketConfig.custom().setSoTimeout(silence).build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(silence)
                        .setConnectionRequestTimeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
                        .build())
                // Of what the machine has set: a proxy would connect to whatever it likes.
                .setRoutePlanner(new DefaultRoutePlanner(null))
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableAuthCaching()
                .disableCookieManagement()
                .disableContentCompression()
                .build();
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        bounds.requireTime();
        if (!isOfRepository(url)) {
            // The redirection is the host's word, not shown: it may hold what only the host and the service know.
            throw bounds.failed(new SourceFailure(
                    Kind.INVALID,
                    repository + " is said to be somewhere else. Name the repository by its present address: other"
                            + " addresses than the one that was asked for are not followed."));
        }
        return new GitHttpConnection(url, client, bounds, answer -> status = answer);
    }

    @Override
    public HttpConnection create(URL url, Proxy proxy) throws IOException {
        return create(url);
    }

    /** A host may send to the same repository with or without {@code .git}, and nowhere else. */
    private boolean isOfRepository(URL url) {
        return url.getProtocol().equals("https")
                && url.getUserInfo() == null
                && repository.isHost(url.getHost(), url.getPort())
                && ENDS.stream()
                        .anyMatch(end -> REQUESTS.stream()
                                .anyMatch(request -> url.getPath().equals("/" + repository.bare() + end + request)));
    }

    /** Of the last answer; 0 before there was one. */
    int status() {
        return status;
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    /** Resolves names, and leaves addresses out that the host may not have. */
    private record Checked(DnsResolver names, Addresses addresses, GitRepository repository, FetchBounds bounds)
            implements DnsResolver {

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            InetAddress[] found = names.resolve(host);
            InetAddress[] allowed =
                    Arrays.stream(found).filter(addresses::allow).toArray(InetAddress[]::new);
            if (allowed.length == 0 && found.length > 0) {
                throw bounds.failed(new SourceFailure(
                        Kind.NOT_ALLOWED,
                        repository.host() + " has no public address. An operator lists the networks that it may be in"
                                + " at its entry of slipway.sources.git.allow (addresses)."));
            }
            return allowed;
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
