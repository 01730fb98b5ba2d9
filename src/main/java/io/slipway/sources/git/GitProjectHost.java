package io.slipway.sources.git;

import io.slipway.sources.FetchedSource;
import io.slipway.sources.ProjectHost;
import io.slipway.sources.SourceFailure;
import io.slipway.sources.SourceFailure.Kind;
import io.slipway.sources.SourceOrder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.DnsResolver;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sources in git, each fetched with the credentials of the entry that allows it. */
final class GitProjectHost implements ProjectHost, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(GitProjectHost.class);

    private final GitAllowList allowed;
    private final GitFetchSettings settings;
    private final DnsResolver names;
    private final Semaphore turns;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(GitProjectHost::thread);

    GitProjectHost(GitAllowList allowed, GitFetchSettings settings, DnsResolver names) {
        NoGitConfiguration.install();
        this.allowed = allowed;
        this.settings = settings;
        this.names = names;
        this.turns = new Semaphore(settings.atOnce(), true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "git-source-timer");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public boolean knows(String uri) {
        return GitLocation.isOne(uri);
    }

    @Override
    public List<String> prefixes(String owner) {
        return allowed.prefixes(owner).stream().map(prefix -> "git+" + prefix).toList();
    }

    @Override
    public String version(SourceOrder order) {
        return with(order, fetch -> fetch.commit().name());
    }

    @Override
    public FetchedSource fetch(SourceOrder order) {
        String known = order.version();
        return with(order, fetch -> {
            try (CommitFiles files = fetch.files(known == null ? fetch.commit() : ObjectId.fromString(known))) {
                return files.tar();
            }
        });
    }

    private interface Work<T> {
        T of(GitFetch fetch) throws IOException, URISyntaxException;
    }

    private <T> T with(SourceOrder order, Work<T> work) {
        GitLocation location = GitLocation.of(order.uri());
        GitAllowList.Entry entry = allowed.require(order.owner(), location.repository());
        FetchBounds bounds =
                new FetchBounds(settings, Math.min(settings.maxPack().toBytes(), order.mostBytes()));
        requireTurn(bounds);
        try (GitHttp http = new GitHttp(
                location.repository(), Addresses.of(entry.addresses()), names, trust(entry), settings, bounds)) {
            Future<?> end = timer.schedule(http::close, bounds.timeLeft().toMillis(), TimeUnit.MILLISECONDS);
            try {
                return work.of(new GitFetch(location, order, http, login(entry), settings, bounds));
            } catch (IOException | URISyntaxException | RuntimeException failure) {
                throw explained(location, failure, bounds, http.status());
            } finally {
                end.cancel(false);
            }
        } catch (IOException | GeneralSecurityException failure) {
            log.warn("{} could not be fetched: {}", location, failure.toString());
            throw new SourceFailure(
                    Kind.UNAVAILABLE,
                    "What the entry of slipway.sources.git.allow names for " + location.repository()
                            + " (token-file, certificate-file) could not be read; its operator can mend it.",
                    failure);
        } finally {
            turns.release();
        }
    }

    private void requireTurn(FetchBounds bounds) {
        try {
            if (turns.tryAcquire(bounds.timeLeft().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        throw new SourceFailure(
                Kind.UNAVAILABLE, "Other sources were fetched all the while. Nothing was accepted; send it again.");
    }

    private static GitFetch.@Nullable Login login(GitAllowList.Entry entry) throws IOException {
        String token = entry.secret();
        return token == null ? null : new GitFetch.Login(entry.user(), token);
    }

    private static SSLContext trust(GitAllowList.Entry entry) throws IOException, GeneralSecurityException {
        Path file = entry.certificateFile();
        if (file == null) {
            return SSLContext.getDefault();
        }
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        try (InputStream pem = Files.newInputStream(file)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                authorities.setCertificateEntry("authority-" + authorities.size(), each);
            }
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private SourceFailure explained(GitLocation location, Exception failure, FetchBounds bounds, int status) {
        if (failure instanceof SourceFailure known) {
            return known;
        }
        SourceFailure known = bounds.failure();
        if (known != null) {
            return known;
        }
        if (bounds.timeLeft().isNegative()) {
            return bounds.overdue();
        }
        if (isCause(failure, TooLargeObjectInPackException.class) || isCause(failure, LargeObjectException.class)) {
            return FetchBounds.tooLarge("The commit has a file of more than "
                    + settings.maxFile().toMegabytes()
                    + " MB (slipway.sources.git.fetch.max-file). Keep large data in S3.");
        }
        // What JGit says names the service's files and the host's words: for its operators.
        log.warn("{} could not be fetched (HTTP {}): {}", location, status, failure.toString());
        return switch (status) {
            case 401, 403, 404, 410 ->
                new SourceFailure(
                        Kind.NOT_FOUND,
                        location.repository()
                                + " is not there, or may not be read with the credentials of its entry in"
                                + " slipway.sources.git.allow (the host answered " + status + ").",
                        failure);
            default -> unavailable(location, failure);
        };
    }

    private static SourceFailure unavailable(GitLocation location, Exception failure) {
        String why = isCause(failure, SSLException.class)
                ? "no connection with a certificate that is trusted could be made (certificate-file of its entry)"
                : "the host gave no whole answer, or does not give out this commit";
        return new SourceFailure(
                Kind.UNAVAILABLE,
                location + " could not be fetched: " + why + ". Nothing was accepted; send the request again.",
                failure);
    }

    private static boolean isCause(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
