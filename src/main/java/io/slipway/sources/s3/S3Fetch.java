package io.slipway.sources.s3;

import io.slipway.sources.FetchedSource;
import io.slipway.sources.S3Location;
import io.slipway.sources.SourceFailure;
import io.slipway.sources.SourceFailure.Kind;
import io.slipway.sources.SourceOrder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** One source on its way from S3 to a file, within its limits of bytes, objects and time. */
final class S3Fetch {

    private static final Logger log = LoggerFactory.getLogger(S3Fetch.class);

    /** In characters, of all objects of a source: they are held in memory, as those of an archive are. */
    private static final int MOST_OF_NAMES = 16 << 20;

    private final S3Client client;
    private final SourceOrder order;
    private final S3FetchSettings settings;
    private final long began = System.nanoTime();
    private final AtomicLong bytes = new AtomicLong();

    S3Fetch(S3Client client, SourceOrder order, S3FetchSettings settings) {
        this.client = client;
        this.order = order;
        this.settings = settings;
    }

    /** What is there now; another content has another version. */
    String version(S3Location location) {
        if (location.isPrefix()) {
            return S3Versions.of(list(location));
        }
        HeadObjectResponse head =
                client.headObject(request -> request.bucket(location.bucket()).key(location.key()));
        return S3Versions.of(head.eTag(), head.contentLength());
    }

    /** One archive or Python file; S3 gives an object as it was at one moment. */
    FetchedSource object(S3Location location) throws IOException {
        Path file = order.folder().resolve("source");
        String version = copy(location.bucket(), location.key(), null, file);
        String name = location.key().substring(location.key().lastIndexOf('/') + 1);
        if (name.endsWith(".jar")) {
            // By its content it is a zip, which would be taken for a folder of its classes.
            return new FetchedSource(alone(file, name), name + ".tar", version, List.of());
        }
        return new FetchedSource(file, name, version, List.of());
    }

    private Path alone(Path file, String name) throws IOException {
        Path tar = order.folder().resolve("jar");
        try (TarArchiveOutputStream out = archive(tar)) {
            put(file, name, out);
        }
        return tar;
    }

    private static TarArchiveOutputStream archive(Path tar) throws IOException {
        TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(tar), "UTF-8");
        out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        return out;
    }

    private static void put(Path file, String name, TarArchiveOutputStream out) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarArchiveEntry.LF_NORMAL);
        entry.setSize(Files.size(file));
        out.putArchiveEntry(entry);
        Files.copy(file, out);
        out.closeArchiveEntry();
        Files.delete(file);
    }

    /** All objects under a prefix, as a tar: each as it was listed, or none. */
    FetchedSource prefix(S3Location location) throws IOException {
        List<ListedObject> objects = list(location);
        Path folder = Files.createDirectory(order.folder().resolve("objects"));
        ExecutorService readers = Executors.newFixedThreadPool(
                Math.max(1, Math.min(settings.connections(), objects.size())), S3Fetch::reader);
        try {
            List<Future<Path>> files = new ArrayList<>();
            for (int at = 0; at < objects.size(); at++) {
                ListedObject object = objects.get(at);
                Path file = folder.resolve(Integer.toString(at));
                files.add(readers.submit(() -> {
                    copy(location.bucket(), object.key(), object.eTag(), file);
                    return file;
                }));
            }
            return new FetchedSource(tar(location, objects, files), name(location), S3Versions.of(objects), List.of());
        } finally {
            end(readers);
        }
    }

    /** None is to make a file in a folder that is being removed. */
    private void end(ExecutorService readers) {
        readers.shutdownNow();
        try {
            boolean isOver = readers.awaitTermination(settings.silence().toMillis() * 2, TimeUnit.MILLISECONDS);
            if (!isOver) {
                log.warn("Reads of {} go on although nobody waits for them.", order.uri());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread reader(Runnable work) {
        Thread thread = new Thread(work, "s3-source");
        thread.setDaemon(true);
        return thread;
    }

    /** A single file's ending would be taken for the upload's. */
    private static String name(S3Location location) {
        String[] segments = location.key().split("/");
        String last = segments[segments.length - 1];
        return (last.isEmpty() ? location.bucket() : last) + ".tar";
    }

    private List<ListedObject> list(S3Location location) {
        List<ListedObject> objects = new ArrayList<>();
        long size = 0;
        long names = 0;
        String more = null;
        do {
            requireTime();
            String from = more;
            ListObjectsV2Response page = client.listObjectsV2(request ->
                    request.bucket(location.bucket()).prefix(location.key()).continuationToken(from));
            for (S3Object object : page.contents()) {
                // Consoles make an object for a folder.
                if (!object.key().endsWith("/")) {
                    objects.add(ListedObject.of(object));
                    size += object.size();
                    names += object.key().length();
                    requireRoom(size, objects.size());
                    requireShortNames(names);
                    requireName(location, object.key());
                }
            }
            more = page.nextContinuationToken();
        } while (more != null);
        if (objects.isEmpty()) {
            throw new SourceFailure(Kind.NOT_FOUND, "There are no objects under " + location + ".");
        }
        return objects;
    }

    private static void requireShortNames(long all) {
        if (all > MOST_OF_NAMES) {
            throw new SourceFailure(
                    Kind.TOO_LARGE,
                    "The names of the objects under the prefix are longer than " + (MOST_OF_NAMES >> 20)
                            + " MB together, which is all that is read. Leave out what the job does not need.");
        }
    }

    private static void requireName(S3Location location, String key) {
        String relative = key.substring(location.key().length());
        boolean isBad = relative.chars().anyMatch(Character::isISOControl)
                || Arrays.stream(relative.split("/", -1)).anyMatch(S3Location::isNoName);
        if (isBad) {
            throw new SourceFailure(
                    Kind.INVALID,
                    "An object under " + location
                            + " has a name that is no path of a file: empty segments, '.', '..' or"
                            + " control characters. Rename it or put the project under a prefix of its own.");
        }
    }

    private Path tar(S3Location location, List<ListedObject> objects, List<Future<Path>> files) throws IOException {
        Path tar = order.folder().resolve("source");
        try (TarArchiveOutputStream out = archive(tar)) {
            for (int at = 0; at < objects.size(); at++) {
                put(
                        done(files.get(at)),
                        objects.get(at).key().substring(location.key().length()),
                        out);
            }
        }
        return tar;
    }

    private static Path done(Future<Path> file) throws IOException {
        try {
            return file.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("The service is being stopped.", stopped);
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof SourceFailure known) {
                throw known;
            }
            if (cause instanceof SdkException answer) {
                throw answer;
            }
            throw new IOException(cause);
        }
    }

    /** @param version as it was listed; {@code null} for whatever is there */
    private String copy(String bucket, String key, @Nullable String version, Path file) throws IOException {
        requireTime();
        ResponseInputStream<GetObjectResponse> in =
                client.getObject(request -> request.bucket(bucket).key(key).ifMatch(version));
        boolean isWhole = false;
        try (OutputStream out = Files.newOutputStream(file)) {
            requireRoom(bytes.get() + in.response().contentLength(), 1);
            transfer(in, out);
            isWhole = true;
            return S3Versions.of(in.response().eTag(), in.response().contentLength());
        } finally {
            // To close what was not read to its end would read it.
            if (isWhole) {
                in.close();
            } else {
                in.abort();
            }
        }
    }

    private void transfer(InputStream in, OutputStream out) throws IOException {
        byte[] piece = new byte[64 * 1024];
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            requireTime();
            requireRoom(bytes.addAndGet(read), 1);
            out.write(piece, 0, read);
        }
    }

    private void requireTime() {
        if (Duration.ofNanos(System.nanoTime() - began).compareTo(settings.timeout()) > 0) {
            throw new SourceFailure(
                    Kind.UNAVAILABLE,
                    "The source was not fetched within " + settings.timeout().toSeconds()
                            + " s (slipway.sources.s3.fetch.timeout). Nothing was accepted; leave out what the job"
                            + " does not need, or send an archive.");
        }
    }

    private void requireRoom(long size, int count) {
        if (size > order.mostBytes()) {
            throw new SourceFailure(
                    Kind.TOO_LARGE,
                    "The source has more than " + (order.mostBytes() >> 20)
                            + " MB, which is all that is fetched (slipway.submission.max-upload, or what is free on the"
                            + " service's disk). Leave out what the job does not need, or read large data from S3.");
        }
        if (count > order.mostFiles()) {
            throw new SourceFailure(
                    Kind.TOO_LARGE,
                    "There are more than " + order.mostFiles()
                            + " objects under the prefix (slipway.submission.archive.max-entries). Leave out what the"
                            + " job does not need.");
        }
    }
}
