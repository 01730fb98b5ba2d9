package io.slipway.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.MutableClock;
import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ClusterTraits;
import io.slipway.compute.Clusters;
import io.slipway.compute.FakeCompute;
import io.slipway.compute.LaunchPreview;
import io.slipway.compute.LeftoverCleanup;
import io.slipway.compute.ReportedEnd;
import io.slipway.compute.RunExecutor;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunOutput;
import io.slipway.compute.RunProgress;
import io.slipway.compute.RunResults;
import io.slipway.compute.RunSigns;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobFixtures;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The zip of what a run has left, which a stranger wrote and a store may stop giving. */
class JobResultsTest {

    @TempDir
    private Path folder;

    private final Map<String, String> files = new LinkedHashMap<>();
    private final Job job = JobFixtures.aRunningJob();
    private final JobResults results = new JobResults(Clusters.of(List.of(new Store())));

    @Test
    void noFileIsLongerThanTheListSays() throws IOException {
        files.put("a.txt", "one");
        files.put("grown.txt", "two and more, without an end");
        RunResults kept = new RunResults(
                List.of(
                        new RunResults.File("a.txt", 3),
                        new RunResults.File("gone.txt", 5),
                        new RunResults.File("grown.txt", 3)),
                List.of(),
                null);
        assertThat(zipped(kept)).containsExactly(Map.entry("a.txt", "one"), Map.entry("grown.txt", "two"));
    }

    /** Processors are what others need; 50 zips at once took all of them for minutes. */
    @Test
    void isNotCompressed() throws IOException {
        String zeros = "0".repeat(1 << 20);
        files.put("zeros", zeros);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        results.zip(job, OptionalInt.empty(), list(), out);
        assertThat(out.size()).isGreaterThan(zeros.length());
    }

    @Test
    void aPartIsNoWholeZip() throws IOException {
        files.put("a.txt", "one");
        files.put("broken", "SILENT");
        files.put("b.txt", "two");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThatThrownBy(() -> results.zip(job, OptionalInt.empty(), list(), out))
                .isInstanceOf(IOException.class);
        Path zip = Files.write(folder.resolve("part.zip"), out.toByteArray());
        assertThatThrownBy(() -> new ZipFile(zip.toFile()).close()).isInstanceOf(IOException.class);
    }

    private RunResults list() {
        return new RunResults(
                files.entrySet().stream()
                        .map(file -> new RunResults.File(
                                file.getKey(), file.getValue().length()))
                        .toList(),
                List.of(),
                null);
    }

    private Map<String, String> zipped(RunResults kept) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        results.zip(job, OptionalInt.empty(), kept, out);
        Map<String, String> contents = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(
                Files.write(folder.resolve("whole.zip"), out.toByteArray()).toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                contents.put(
                        entry.getName(), new String(zip.getInputStream(entry).readAllBytes(), UTF_8));
            }
        }
        return contents;
    }

    private final class Store implements Cluster {

        private final FakeCompute fake = new FakeCompute("fake", 1, Duration.ZERO, new MutableClock(JobFixtures.NOW));

        @Override
        public ClusterTraits traits() {
            return fake.traits();
        }

        @Override
        public RunExecutor executor() {
            return fake.executor();
        }

        @Override
        public RunOutput output() {
            return fake.output();
        }

        @Override
        public LaunchPreview preview() {
            return fake.preview();
        }

        @Override
        public Optional<LeftoverCleanup> cleanup() {
            return fake.cleanup();
        }

        @Override
        public ClusterHealth health() {
            return fake.health();
        }

        @Override
        public RunSigns signs() {
            return new RunSigns() {
                @Override
                public Optional<ReportedEnd> end(RunOrder run) {
                    return Optional.empty();
                }

                @Override
                public Optional<RunProgress> progress(RunOrder run, boolean isWatched) {
                    return Optional.empty();
                }

                @Override
                public Set<String> silent() {
                    return Set.of();
                }

                @Override
                public Optional<RunResults> results(RunOrder run) {
                    return Optional.of(list());
                }

                @Override
                public InputStream openResult(RunOrder run, String path) throws IOException {
                    String content = files.get(path);
                    if (content == null) {
                        throw new FileNotFoundException(path);
                    }
                    return content.equals("SILENT") ? new Silent() : new ByteArrayInputStream(content.getBytes(UTF_8));
                }
            };
        }
    }

    private static final class Silent extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("The store has fallen silent.");
        }
    }
}
