package io.slipway.artifacts.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.ArtifactStoreContract;
import io.slipway.aws.AwsEnvironment;
import io.slipway.aws.S3Error;
import io.slipway.aws.S3Fault;
import io.slipway.aws.SimulatedS3;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class S3ArtifactStoreTest extends ArtifactStoreContract {

    private static final String BUCKET = "team-bucket";
    private static final String LAUNCH_KEY = "slipway/launches/launch_01J8-1.json";
    private static final String PROJECT_KEY = "slipway/projects/project_" + PROJECT_ID + ".zip";
    private static final int TWO_PARTS = 7 << 20;

    private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
    private final RetryRegistry retries = RetryRegistry.ofDefaults();
    private final List<S3ArtifactStore> opened = new ArrayList<>();

    private SimulatedS3 s3;
    private AwsEnvironment environment;
    private ArtifactStore store;

    @BeforeEach
    void start() throws IOException {
        s3 = SimulatedS3.start().withBucket(BUCKET);
        environment = new AwsEnvironment().withS3(s3.endpoint());
        retries.retry("s3", () -> S3Calls.retryConfig(Duration.ofMillis(1)));
        store = store(settings(BUCKET, null, Duration.ofSeconds(20)));
    }

    @AfterEach
    void stop() {
        opened.forEach(S3ArtifactStore::close);
        environment.close();
        s3.close();
    }

    @Override
    protected ArtifactStore store() {
        return store;
    }

    @Test
    void namesAnObject() {
        assertThat(store.uri(PROJECT)).isEqualTo(URI.create("s3://" + BUCKET + "/" + PROJECT_KEY));
    }

    @Test
    void putsItsObjectsBelowThePrefix() throws IOException {
        store.put(LAUNCH, bytes("{}"));
        assertThat(s3.content(BUCKET, LAUNCH_KEY)).isEqualTo(bytes("{}"));
    }

    @Test
    void sendsNothingThatIsThereAlready() throws IOException {
        s3.put(BUCKET, PROJECT_KEY, noise(TWO_PARTS));
        store.put(PROJECT, file(noise(TWO_PARTS)));
        assertThat(s3.calls()).containsExactly("HeadObject " + PROJECT_KEY);
    }

    @Test
    void sendsASmallOneWithoutAskingForItFirst() throws IOException {
        store.put(PROJECT, file(noise(1000)));
        assertThat(s3.calls()).containsExactly("PutObject " + PROJECT_KEY);
        store.put(PROJECT, file(noise(1000)));
        assertThat(s3.calls().subList(1, 3))
                .as("the refusal of the second is looked into")
                .containsExactly("PutObject " + PROJECT_KEY, "HeadObject " + PROJECT_KEY);
    }

    @ParameterizedTest
    @EnumSource(S3Settings.Checksums.class)
    void storesWithAndWithoutChecksums(S3Settings.Checksums checksums) throws IOException {
        store = store(settings(BUCKET, checksums, Duration.ofSeconds(20)));
        store.put(LAUNCH, bytes("{}"));
        store.put(PROJECT, file(noise(TWO_PARTS)));
        assertThat(read(LAUNCH)).isEqualTo(bytes("{}"));
        assertThat(read(PROJECT)).isEqualTo(noise(TWO_PARTS));
    }

    @ParameterizedTest
    @EnumSource(names = {"INTERNAL_ERROR", "SERVICE_UNAVAILABLE", "SLOW_DOWN", "REQUEST_TIMEOUT"})
    void triesAgainWhatMayPass(S3Error error) throws IOException {
        s3.failNext("HeadObject", error == S3Error.REQUEST_TIMEOUT ? 0 : 2, S3Fault.error(error));
        s3.failNext("PutObject", 2, S3Fault.error(error));
        s3.failNext("GetObject", 2, S3Fault.error(error));
        store.put(LAUNCH, bytes("{}"));
        assertThat(read(LAUNCH)).isEqualTo(bytes("{}"));
    }

    @Test
    void triesAgainWhenTheConnectionBreaks() throws IOException {
        s3.failNext("PutObject", S3Fault.closedBefore());
        s3.failNext("GetObject", S3Fault.closedBefore());
        store.put(LAUNCH, bytes("{}"));
        assertThat(read(LAUNCH)).isEqualTo(bytes("{}"));
    }

    @Test
    void takesItsOwnFirstAttemptForDoneWhenOnlyTheAnswerWasLost() throws IOException {
        s3.failNext("PutObject", S3Fault.closedAfter());
        s3.failNext("CompleteMultipartUpload", S3Fault.closedAfter());
        store.put(LAUNCH, bytes("{}"));
        store.put(PROJECT, file(noise(TWO_PARTS)));
        assertThat(read(LAUNCH)).isEqualTo(bytes("{}"));
        assertThat(read(PROJECT)).isEqualTo(noise(TWO_PARTS));
        assertThat(s3.calls().stream().filter(call -> call.startsWith("CreateMultipartUpload")))
                .hasSize(1);
    }

    @Test
    void givesUpAnAttemptThatTakesTooLong() throws IOException {
        store = store(settings(BUCKET, null, Duration.ofMillis(300)));
        s3.failNext("PutObject", S3Fault.slow(Duration.ofSeconds(2)));
        store.put(LAUNCH, bytes("{}"));
        assertThat(read(LAUNCH)).isEqualTo(bytes("{}"));
    }

    @Test
    void looksAgainWhenSomebodyElseWritesTheSameNameInTheSameMoment() throws IOException {
        s3.failNext("PutObject", S3Fault.error(S3Error.CONDITIONAL_REQUEST_CONFLICT));
        s3.failNext("CompleteMultipartUpload", S3Fault.error(S3Error.CONDITIONAL_REQUEST_CONFLICT));
        store.put(LAUNCH, bytes("{}"));
        store.put(PROJECT, file(noise(TWO_PARTS)));
        assertThat(read(LAUNCH)).isEqualTo(bytes("{}"));
        assertThat(read(PROJECT)).isEqualTo(noise(TWO_PARTS));
        assertThat(s3.unfinishedUploads(BUCKET)).isZero();
    }

    @Test
    void completesAnUploadWhoseFirstCompletionFailedWithinASuccess() throws IOException {
        s3.failNext("CompleteMultipartUpload", S3Fault.errorWithinSuccess(S3Error.INTERNAL_ERROR));
        store.put(PROJECT, file(noise(TWO_PARTS)));
        assertThat(read(PROJECT)).isEqualTo(noise(TWO_PARTS));
    }

    @Test
    void sendsASinglePartAgain() throws IOException {
        s3.failNext("UploadPart", S3Fault.error(S3Error.INTERNAL_ERROR));
        store.put(PROJECT, file(noise(TWO_PARTS)));
        assertThat(read(PROJECT)).isEqualTo(noise(TWO_PARTS));
        assertThat(s3.calls().stream().filter(call -> call.startsWith("UploadPart")))
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UploadPart", "CompleteMultipartUpload"})
    void leavesNeitherObjectNorUploadAfterAFailure(String operation) throws IOException {
        s3.failNext(operation, 10, S3Fault.error(S3Error.INTERNAL_ERROR));
        var file = file(noise(TWO_PARTS));
        assertThatThrownBy(() -> store.put(PROJECT, file)).isInstanceOf(IOException.class);
        assertThat(s3.keys(BUCKET)).isEmpty();
        assertThat(s3.unfinishedUploads(BUCKET)).isZero();
    }

    @Test
    void doesWithoutConditionalWritesWhereTheyAreUnknown() throws IOException {
        s3.refuseConditionalWrites();
        store.put(LAUNCH, bytes("{}"));
        store.put(LAUNCH, bytes("{}"));
        store.put(PROJECT, file(noise(TWO_PARTS)));
        assertThat(read(LAUNCH)).isEqualTo(bytes("{}"));
        assertThat(read(PROJECT)).isEqualTo(noise(TWO_PARTS));
        assertThat(s3.calls().stream().filter(call -> call.startsWith("PutObject")))
                .as("one to learn it, one to do it")
                .hasSize(2);
    }

    @Test
    void saysWhichPermissionsAreNeeded() {
        s3.failNext("PutObject", 10, S3Fault.error(S3Error.ACCESS_DENIED));
        assertThatThrownBy(() -> store.put(LAUNCH, bytes("{}")))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(BUCKET, LAUNCH_KEY, "s3:PutObject", "s3:ListBucket");
        assertThat(s3.calls()).containsOnlyOnce("PutObject " + LAUNCH_KEY);
    }

    @Test
    void saysThatThereIsNoSuchBucket() {
        ArtifactStore elsewhere = store(settings("no-such-bucket", null, Duration.ofSeconds(20)));
        assertThatThrownBy(() -> elsewhere.put(LAUNCH, bytes("{}")))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("no-such-bucket", "slipway.artifacts.s3.bucket");
    }

    @Test
    void namesTheRegionOfTheBucket() {
        environment.with("aws.region", "us-west-2");
        ArtifactStore elsewhere = store(settings(BUCKET, null, Duration.ofSeconds(20)));
        assertThatThrownBy(() -> elsewhere.put(LAUNCH, bytes("{}")))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(BUCKET, SimulatedS3.REGION, "AWS_REGION");
        s3.failNext("GetObject", S3Fault.error(S3Error.PERMANENT_REDIRECT));
        assertThatThrownBy(() -> elsewhere.open(LAUNCH)).hasMessageContainingAll(SimulatedS3.REGION, "AWS_REGION");
    }

    @Test
    void leavesS3AloneWhileItIsDown() {
        s3.failNext("HeadObject", 1000, S3Fault.error(S3Error.INTERNAL_ERROR));
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> store.exists(LAUNCH)).isInstanceOf(IOException.class);
        }
        int calls = s3.calls().size();
        assertThatThrownBy(() -> store.exists(LAUNCH))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("left alone");
        assertThat(s3.calls()).hasSize(calls);
    }

    @Test
    void doesNotTakeThrottlingOrRefusalsForAnOutage() throws IOException {
        s3.failNext("PutObject", 40, S3Fault.error(S3Error.SLOW_DOWN));
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> store.put(LAUNCH, bytes("{}"))).hasMessageContaining("slow down");
        }
        s3.failNext("PutObject", 10, S3Fault.error(S3Error.ACCESS_DENIED));
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> store.put(LAUNCH, bytes("{}"))).hasMessageContaining("denied");
        }
        assertThat(breakers.circuitBreaker("s3").getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        store.put(LAUNCH, bytes("{}"));
    }

    @Test
    void speaksOfTheConnectionWhenNobodyListens() {
        s3.close();
        assertThatThrownBy(() -> store.put(LAUNCH, bytes("{}")))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(BUCKET, "S3 gave no answer", "AWS_ENDPOINT_URL_S3");
    }

    @Test
    void readsNoMoreThanItsCallerWants() throws IOException {
        s3.put(BUCKET, PROJECT_KEY, noise(20 << 20));
        try (InputStream content = store.open(PROJECT)) {
            assertThat(content.read()).isEqualTo(noise(20 << 20)[0] & 0xff);
        }
        assertThat(store.exists(PROJECT)).isTrue();
    }

    private S3ArtifactStore store(S3Settings settings) {
        S3ArtifactStore made = new S3ArtifactStore(
                S3ArtifactsConfiguration.client(settings),
                settings,
                new S3Calls(breakers, retries, Duration.ofSeconds(10)));
        opened.add(made);
        return made;
    }

    private static S3Settings settings(String bucket, S3Settings.Checksums checksums, Duration timeout) {
        return new S3Settings(
                bucket,
                "/slipway",
                true,
                checksums,
                DataSize.ofMegabytes(6),
                DataSize.ofMegabytes(5),
                timeout,
                Duration.ofSeconds(10));
    }
}
