package io.slipway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives of very many files, sent at the same moment by one owner. */
final class LargeArchives {

    private static final String BOUNDARY = "large-archives";
    private static final int FILES = 100_000;
    private static final int BYTES_OF_A_FILE = 500;

    private LargeArchives() {}

    /** 100,000 entries with names of a hundred bytes, 50 MB, which no compression makes smaller. */
    static Path make(Path folder) throws IOException {
        Path archive = folder.resolve("many.zip");
        byte[] noise = new byte[BYTES_OF_A_FILE];
        Random random = new Random(11);
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(archive), 1 << 16);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.setLevel(Deflater.NO_COMPRESSION);
            zip.putNextEntry(new ZipEntry("main.py"));
            zip.write("print(1)\n".getBytes(UTF_8));
            for (int i = 0; i < FILES - 1_000; i++) {
                random.nextBytes(noise);
                zip.putNextEntry(new ZipEntry("part-%03d/%06d-%s.bin".formatted(i / 500, i, "x".repeat(80))));
                zip.write(noise);
            }
        }
        return archive;
    }

    /** The answers to so many uploads of it, once all are there. */
    static CompletableFuture<List<HttpResponse<String>>> send(Path archive, int count, int port, String token) {
        HttpClient client = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, count)
                .mapToObj(each -> client.sendAsync(request(archive, port, token), HttpResponse.BodyHandlers.ofString()))
                .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> answers.stream().map(CompletableFuture::join).toList());
    }

    private static HttpRequest request(Path archive, int port, String token) {
        try {
            String head = "--" + BOUNDARY
                    + "\r\nContent-Disposition: form-data; name=\"project\"; filename=\"many.zip\"\r\n\r\n";
            BodyPublisher body = BodyPublishers.concat(
                    BodyPublishers.ofString(head),
                    BodyPublishers.ofFile(archive),
                    BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"));
            return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/jobs"))
                    .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                    .header("Authorization", "Bearer " + token)
                    .POST(body)
                    .build();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
