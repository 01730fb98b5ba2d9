package io.slipway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

class SimulatedS3Test {

    private static final String BUCKET = "bucket";

    private SimulatedS3 s3;
    private AwsEnvironment environment;
    private S3Client client;

    @BeforeEach
    void start() throws IOException {
        s3 = SimulatedS3.start().withBucket(BUCKET);
        environment = new AwsEnvironment().withS3(s3.endpoint());
        client = S3Client.builder()
                .forcePathStyle(true)
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        environment.close();
        s3.close();
    }

    @Test
    void keepsObjects() {
        put("a/b c+ü.txt", "hello");
        assertThat(get("a/b c+ü.txt", null)).isEqualTo("hello");
        assertThat(client.headObject(request -> request.bucket(BUCKET).key("a/b c+ü.txt"))
                        .contentLength())
                .isEqualTo(5);
        assertThat(s3.keys(BUCKET)).containsExactly("a/b c+ü.txt");
        client.deleteObject(request -> request.bucket(BUCKET).key("a/b c+ü.txt"));
        assertThat(s3.keys(BUCKET)).isEmpty();
    }

    @Test
    void givesARange() {
        put("log", "0123456789");
        assertThat(get("log", "bytes=2-4")).isEqualTo("234");
        assertThat(get("log", "bytes=7-")).isEqualTo("789");
        assertThat(get("log", "bytes=-3")).isEqualTo("789");
        assertThat(get("log", "bytes=8-100")).isEqualTo("89");
        assertThatFails(() -> get("log", "bytes=10-"), 416, "InvalidRange");
    }

    @Test
    void writesOnceWhenAskedTo() {
        putNew("a", "first");
        assertThatFails(() -> putNew("a", "second"), 412, "PreconditionFailed");
        assertThat(get("a", null)).isEqualTo("first");
    }

    @Test
    void saysWhatIsMissing() {
        assertThatFails(() -> get("none", null), 404, "NoSuchKey");
        assertThatFails(
                () -> client.putObject(request -> request.bucket("other").key("a"), RequestBody.fromString("")),
                404,
                "NoSuchBucket");
    }

    @Test
    void refusesWhatIsNotSigned() throws IOException {
        HttpURLConnection call =
                (HttpURLConnection) s3.endpoint().resolve("/bucket/a").toURL().openConnection();
        assertThat(call.getResponseCode()).isEqualTo(403);
    }

    @Test
    void listsInPages() {
        IntStream.range(0, 5).forEach(i -> put("logs/" + i, "x"));
        put("other", "x");
        ListObjectsV2Response first = client.listObjectsV2(
                request -> request.bucket(BUCKET).prefix("logs/").maxKeys(2));
        assertThat(first.isTruncated()).isTrue();
        assertThat(client
                        .listObjectsV2Paginator(request ->
                                request.bucket(BUCKET).prefix("logs/").maxKeys(2))
                        .contents()
                        .stream()
                        .map(S3Object::key))
                .containsExactly("logs/0", "logs/1", "logs/2", "logs/3", "logs/4");
    }

    @Test
    void listsFolders() {
        List.of("logs/a/1", "logs/a/2", "logs/b/1", "logs/c", "logs/d/1").forEach(key -> put(key, "x"));
        var pages = client.listObjectsV2Paginator(
                request -> request.bucket(BUCKET).prefix("logs/").delimiter("/").maxKeys(1));
        assertThat(pages.commonPrefixes().stream().map(CommonPrefix::prefix))
                .containsExactly("logs/a/", "logs/b/", "logs/d/");
        assertThat(pages.contents().stream().map(S3Object::key)).containsExactly("logs/c");
    }

    @Test
    void deletesMany() {
        put("a", "x");
        put("b", "x");
        client.deleteObjects(request -> request.bucket(BUCKET)
                .delete(delete -> delete.objects(
                        ObjectIdentifier.builder().key("a").build(),
                        ObjectIdentifier.builder().key("none").build())));
        assertThat(s3.keys(BUCKET)).containsExactly("b");
    }

    @Test
    void putsPartsTogether() {
        String upload = create("big");
        List<CompletedPart> parts = List.of(part("big", upload, 1, 5 << 20), part("big", upload, 2, 10));
        assertThat(s3.keys(BUCKET)).isEmpty();
        assertThat(s3.unfinishedUploads(BUCKET)).isEqualTo(1);
        complete("big", upload, parts);
        assertThat(s3.content(BUCKET, "big")).hasSize((5 << 20) + 10);
        assertThat(s3.unfinishedUploads(BUCKET)).isZero();
        assertThatFails(() -> complete("big", upload, parts), 404, "NoSuchUpload");
    }

    @Test
    void refusesPartsThatAreTooSmallOrOutOfOrder() {
        String upload = create("big");
        CompletedPart small = part("big", upload, 1, 10);
        CompletedPart last = part("big", upload, 2, 10);
        assertThatFails(() -> complete("big", upload, List.of(small, last)), 400, "EntityTooSmall");
        assertThatFails(() -> complete("big", upload, List.of(last, small)), 400, "InvalidPartOrder");
        client.abortMultipartUpload(request -> request.bucket(BUCKET).key("big").uploadId(upload));
        assertThat(s3.unfinishedUploads(BUCKET)).isZero();
    }

    @Test
    void failsOnCommandAndThenNoMore() {
        s3.failNext("PutObject", S3Fault.error(S3Error.SLOW_DOWN));
        assertThatFails(() -> put("a", "x"), 503, "SlowDown");
        assertThat(s3.keys(BUCKET)).isEmpty();
        put("a", "x");
        assertThat(s3.calls()).containsExactly("PutObject a", "PutObject a");
    }

    @Test
    void losesTheAnswerBeforeOrAfterTheDeed() {
        s3.failNext("PutObject", S3Fault.closedBefore());
        assertThatThrownBy(() -> put("a", "x")).isInstanceOf(SdkClientException.class);
        assertThat(s3.keys(BUCKET)).isEmpty();
        s3.failNext("PutObject", S3Fault.closedAfter());
        assertThatThrownBy(() -> put("a", "x")).isInstanceOf(SdkClientException.class);
        assertThat(s3.keys(BUCKET)).containsExactly("a");
    }

    @Test
    void answersLate() {
        s3.failNext("PutObject", S3Fault.slow(Duration.ofMillis(50)));
        put("a", "x");
        assertThat(s3.keys(BUCKET)).containsExactly("a");
    }

    private void put(String key, String content) {
        client.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromString(content));
    }

    private void putNew(String key, String content) {
        client.putObject(request -> request.bucket(BUCKET).key(key).ifNoneMatch("*"), RequestBody.fromString(content));
    }

    private String get(String key, String range) {
        return client.getObjectAsBytes(
                        request -> request.bucket(BUCKET).key(key).range(range))
                .asString(UTF_8);
    }

    private String create(String key) {
        return client.createMultipartUpload(request -> request.bucket(BUCKET).key(key))
                .uploadId();
    }

    private CompletedPart part(String key, String upload, int number, int size) {
        var sent = client.uploadPart(
                request -> request.bucket(BUCKET).key(key).uploadId(upload).partNumber(number),
                RequestBody.fromBytes(new byte[size]));
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(sent.eTag())
                .checksumCRC32(sent.checksumCRC32())
                .build();
    }

    private void complete(String key, String upload, List<CompletedPart> parts) {
        client.completeMultipartUpload(
                request -> request.bucket(BUCKET).key(key).uploadId(upload).multipartUpload(all -> all.parts(parts)));
    }

    private static void assertThatFails(ThrowingCallable call, int status, String code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(S3Exception.class, failure -> {
            assertThat(failure.statusCode()).isEqualTo(status);
            assertThat(failure.awsErrorDetails().errorCode()).isEqualTo(code);
        });
    }
}
