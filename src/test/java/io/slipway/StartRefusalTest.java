package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;

/** What the service refuses to start with, and the setting that it names. */
@Tag("full")
class StartRefusalTest {

    private static final String TOKEN =
            "--slipway.security.tokens.ann=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private static final String CLUSTER = "--slipway.clusters.analytics.emr.cluster-id=j-2AXXXXXXGAPLF";

    @TempDir
    private Path home;

    @Test
    void namesAllThatProfileAwsLacksAtOnce() {
        assertRefused("--spring.profiles.active=aws")
                .contains(
                        "spring.datasource.url",
                        "slipway.artifacts.s3.bucket",
                        "slipway.clusters.<name>.emr.cluster-id",
                        "slipway.security.tokens",
                        "docs/operating.md");
        assertRefused("--spring.profiles.active=aws", TOKEN, "--slipway.artifacts.s3.bucket=projects")
                .contains("spring.datasource.url", "slipway.clusters.<name>.emr.cluster-id")
                .doesNotContain("slipway.artifacts.s3.bucket", "slipway.security.tokens");
    }

    @Test
    void doesNotTakeAnEmbeddedDatabaseForProfileAws() {
        assertRefused(
                        "--spring.profiles.active=aws",
                        "--spring.datasource.url=jdbc:h2:mem:x",
                        "--slipway.artifacts.s3.bucket=projects",
                        TOKEN,
                        CLUSTER)
                .contains("spring.datasource.url", "jdbc:h2:mem:x");
    }

    @Test
    void namesTheBucketThatProfileAwsLacks() {
        assertRefused(aws(TOKEN, CLUSTER)).contains("slipway.artifacts.s3.bucket");
    }

    @Test
    void namesTheClusterThatProfileAwsLacks() {
        assertRefused(aws(TOKEN, "--slipway.artifacts.local.enabled=true"))
                .contains("slipway.clusters.<name>.emr.cluster-id");
    }

    @Test
    void namesTheTokensThatAnOpenPortLacks() {
        assertRefused(embedded("--server.address=0.0.0.0", "--slipway.compute.local.remote-callers=true"))
                .contains("slipway.security.tokens", "slipway.security.anonymous");
    }

    @Test
    void doesNotRunWhatStrangersSendUnlessToldSo() {
        assertRefused(embedded("--server.address=0.0.0.0", TOKEN)).contains("slipway.compute.local.remote-callers");
        assertRefused(embedded("--server.address=", TOKEN)).contains("slipway.compute.local.remote-callers");
    }

    @Test
    void runsWhatStrangersSendWhenToldSo() {
        try (ConfigurableApplicationContext started =
                start(embedded("--server.address=0.0.0.0", TOKEN, "--slipway.compute.local.remote-callers=true"))) {
            assertThat(started.isRunning()).isTrue();
        }
    }

    @Test
    void aSecondServiceOnTheSameHomeDoesNothing() throws Exception {
        try (ConfigurableApplicationContext first = start(embedded())) {
            assertThat(first.isRunning()).isTrue();
            Path upload = Files.writeString(home.resolve("incoming/upload"), "on its way");
            assertRefused(embedded()).contains("slipway.home", "another Slipway uses");
            assertThat(upload).exists();
        }
        assertThat(lockedByAnotherProcess(home.resolve("slipway.lock"), this::embedded))
                .contains("slipway.home", "another Slipway uses");
    }

    @Test
    void sharesNothingWithTheOtherUsersOfTheMachine() throws Exception {
        try (ConfigurableApplicationContext started = start(embedded())) {
            assertThat(started.isRunning()).isTrue();
            try (Stream<Path> all = Files.walk(home)) {
                assertThat(all.filter(path -> !path.equals(home)))
                        .isNotEmpty()
                        .allSatisfy(
                                path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                                        .as(path.toString())
                                        .isIn(Files.isDirectory(path) ? "rwx------" : "rw-------", "rwx------"));
            }
        }
    }

    @Test
    void takesNoEmptyFileForADatabaseWithoutJobs() throws Exception {
        Files.createFile(database());
        assertRefused(embedded()).contains("slipway.mv.db", "is empty (0 bytes)", "backup");
        assertThat(database()).isEmptyFile();
    }

    @Test
    void takesNoDamagedFileForADatabaseWithoutJobs() throws Exception {
        Path database = database();
        Files.writeString(database, "this is no database\n".repeat(1_000));
        assertRefused(embedded()).contains("slipway.mv.db", "is damaged", "backup");
        Files.delete(database);
        start(embedded()).close();
        byte[] whole = Files.readAllBytes(database);
        // Its header is sound: H2 opens it and finds nothing.
        Arrays.fill(whole, 8192, whole.length, (byte) 0);
        Files.write(database, whole);
        assertRefused(embedded()).contains("slipway.mv.db", "holds no tables of Slipway", "backup");
        assertThat(Files.readAllBytes(database)).isEqualTo(whole);
    }

    @Test
    void knowsItsTablesByFlywaysOwnSetting() {
        String[] named = embedded("--spring.flyway.table=history_of_slipway");
        start(named).close();
        try (ConfigurableApplicationContext again = start(named)) {
            assertThat(again.isRunning()).isTrue();
        }
        assertRefused(embedded()).contains("slipway.mv.db", "holds no tables of Slipway");
    }

    @Test
    void beginsAgainWhenItWasKilledInTheFirstMomentOfItsLife() throws Exception {
        Files.createFile(database());
        Files.createFile(home.resolve("db/slipway.beginning"));
        try (ConfigurableApplicationContext started = start(embedded())) {
            assertThat(started.isRunning()).isTrue();
            assertThat(home.resolve("db/slipway.beginning")).doesNotExist();
        }
    }

    @Test
    void saysThatAnotherProcessHasTheDatabaseOpen() throws Exception {
        start(embedded()).close();
        assertThat(lockedByAnotherProcess(database(), this::embedded))
                .contains("db/slipway", "another process has it open");
    }

    @Test
    void saysThatItsHomeCannotBeWritten() throws Exception {
        Path file = Files.createFile(home.resolve("file"));
        assertRefused("--slipway.home=" + file.resolve("home"), "--server.port=0")
                .contains("slipway.home is " + file.resolve("home"), "cannot be written");
    }

    @Test
    void saysThatTheDatabaseCannotBeReached() throws Exception {
        assertRefused(embedded(
                        "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + ServiceJar.freePort()
                                + "/jobs?password=secret",
                        "--spring.datasource.username=x"))
                .contains("jdbc:postgresql://127.0.0.1:", "cannot be opened", "spring.datasource.url")
                .doesNotContain("secret");
    }

    @Test
    void letsH2CloseTheDatabaseByNoOneElse() {
        String mine = "--spring.datasource.url=jdbc:h2:file:" + home.resolve("mine") + ";WRITE_DELAY=0";
        try (ConfigurableApplicationContext started = start(embedded(mine))) {
            assertThat(started.getEnvironment().getProperty("spring.datasource.url"))
                    .endsWith(";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE");
        }
        assertRefused(embedded(mine + ";DB_CLOSE_ON_EXIT=TRUE")).contains("DB_CLOSE_ON_EXIT");
    }

    @Test
    void aRefusalIsOneSentenceWithoutAStackAndAnExitCode() throws Exception {
        Files.createFile(database());
        Process process = new ProcessBuilder(
                        ServiceJar.java(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SlipwayApplication.class.getName(),
                        "--slipway.home=" + home,
                        "--server.port=0")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(said).contains("is empty (0 bytes)").doesNotContain("\tat ").doesNotContain("Exception");
    }

    private Path database() throws IOException {
        Files.createDirectories(home.resolve("db"));
        return home.resolve("db/slipway.mv.db");
    }

    /** What is said while another process has locked the file. */
    private static String lockedByAnotherProcess(Path file, Supplier<String[]> settings) throws Exception {
        Process other = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import fcntl, sys; f = open(sys.argv[1], 'r+'); fcntl.lockf(f, fcntl.LOCK_EX); print('locked', flush=True);"
                                + " sys.stdin.read()",
                        file.toString())
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("locked");
            Throwable refusal = catchThrowable(() -> start(settings.get()).close());
            FailureAnalysis shown = new StartRefusal().analyze(refusal);
            assertThat(shown).as("what the console says about %s", refusal).isNotNull();
            return shown.getDescription();
        } finally {
            other.destroyForcibly();
        }
    }

    private String[] aws(String... more) {
        List<String> all = new ArrayList<>(List.of(embedded(more)));
        all.add("--spring.profiles.active=aws");
        Databases.Database database = Databases.postgres();
        all.add("--spring.datasource.url=" + database.url());
        all.add("--spring.datasource.username=" + database.user());
        all.add("--spring.datasource.password=" + database.password());
        return all.toArray(String[]::new);
    }

    private String[] embedded(String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.add("--slipway.home=" + home);
        all.add("--server.port=0");
        return all.toArray(String[]::new);
    }

    private static AbstractStringAssert<?> assertRefused(String... settings) {
        Throwable refusal = catchThrowable(() -> start(settings).close());
        FailureAnalysis shown = new StartRefusal().analyze(refusal);
        assertThat(shown).as("what the console says about %s", refusal).isNotNull();
        return assertThat(shown.getDescription());
    }

    private static ConfigurableApplicationContext start(String... settings) {
        return SpringApplication.run(SlipwayApplication.class, settings);
    }
}
