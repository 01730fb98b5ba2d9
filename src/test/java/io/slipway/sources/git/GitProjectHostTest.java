package io.slipway.sources.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import io.slipway.git.GitHost;
import io.slipway.sources.FetchedSource;
import io.slipway.sources.SourceFailure;
import io.slipway.sources.SourceFailure.Kind;
import io.slipway.sources.SourceOrder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** Against git's own server, over HTTPS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GitProjectHostTest {

    private static final long MB = 1 << 20;
    private static final GitFetchSettings SETTINGS = new GitFetchSettings(
            Duration.ofSeconds(30), Duration.ofSeconds(10), DataSize.ofMegabytes(8), DataSize.ofMegabytes(1), 2);

    private GitHost git;
    private GitHost.Repository repository;
    private String first;
    private String second;

    @TempDir
    private Path work;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        git = GitHost.start(folder);
        repository = git.repository("team/project.git");
        first = repository
                .with("main.py", "print(1)\n")
                .with("jobs/nightly/main.py", "print('nightly')\n")
                .with("jobs/nightly/conf/über uns.ini", "[x]\n")
                .commit();
        repository.git("tag", "light");
        repository.git("tag", "-a", "v1.0", "-m", "The first one");
        second = repository.with("main.py", "print(2)\n").commit();
        repository.git("tag", "both", first);
        repository.git("branch", "both", second);
        repository.git("branch", "feature/x@y".replace("@", "-"), first);
    }

    @AfterAll
    void stop() {
        git.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "refs/heads/main", "HEAD", "SECOND"})
    void fetchesTheNewestCommitWithoutItsHistory(String ref) throws Exception {
        FetchedSource fetched = fetch("team/project@" + ref.replace("SECOND", second));
        assertThat(fetched.version()).isEqualTo(second);
        assertThat(fetched.fileName()).isEqualTo("project.tar");
        assertThat(untar(fetched.file()))
                .containsEntry("main.py", "print(2)\n")
                .containsKey("jobs/nightly/conf/über uns.ini")
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "v1.0", "refs/tags/v1.0", "feature/x-y", "FIRST", "SHORT"})
    void resolvesTagsBranchesAndCommits(String ref) throws Exception {
        String asked = ref.replace("FIRST", first).replace("SHORT", first.substring(0, 8));
        FetchedSource fetched = fetch("team/project.git@" + asked);
        assertThat(fetched.version()).isEqualTo(first);
        assertThat(untar(fetched.file())).containsEntry("main.py", "print(1)\n");
    }

    @Test
    void findsTheBeginningOfACommitThatNoBranchEndsWith() throws Exception {
        GitHost.Repository old = git.repository("team/old.git");
        String early = old.with("main.py", "print('early')\n").commit();
        old.with("main.py", "print('late')\n").commit();
        FetchedSource fetched = fetch("team/old@" + early.substring(0, 10));
        assertThat(fetched.version()).isEqualTo(early);
        assertThat(untar(fetched.file())).containsEntry("main.py", "print('early')\n");
        assertThat(failure("team/old@0123456789").kind()).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void fetchesASubdirectoryAlone() throws Exception {
        FetchedSource fetched = fetch("team/project@main#subdirectory=jobs/nightly");
        assertThat(untar(fetched.file()).keySet()).containsExactly("conf/über uns.ini", "main.py");
        assertThat(fetched.fileName()).isEqualTo("nightly.tar");
        assertThat(failure("team/project@main#subdirectory=jobs/none").kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(failure("team/project@main#subdirectory=main.py").kind()).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void keepsLinksAndExecuteBitsAndNamesSubmodules() throws Exception {
        GitHost.Repository modes = git.repository("team/modes");
        modes.with("run.sh", "#!/bin/sh\n").with("main.py", "1\n");
        Files.createSymbolicLink(modes.work().resolve("link.py"), Path.of("main.py"));
        assertThat(modes.work().resolve("run.sh").toFile().setExecutable(true)).isTrue();
        modes.git("update-index", "--add", "--cacheinfo", "160000," + first + ",libs/other");
        modes.git("add", "run.sh", "main.py", "link.py");
        modes.git("commit", "-q", "-m", "Modes");
        FetchedSource fetched = fetch("team/modes@main");
        assertThat(fetched.submodules()).containsExactly("libs/other");
        try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(fetched.file()))) {
            Map<String, TarArchiveEntry> entries = new TreeMap<>();
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), entry);
            }
            assertThat(entries.keySet()).containsExactly("link.py", "main.py", "run.sh");
            assertThat(entries.get("link.py").isSymbolicLink()).isTrue();
            assertThat(entries.get("link.py").getLinkName()).isEqualTo("main.py");
            assertThat(entries.get("run.sh").getMode() & 0111).isNotZero();
            assertThat(entries.get("main.py").getMode() & 0111).isZero();
        }
    }

    @Test
    void aNameOfATagAndABranchIsRefused() throws Exception {
        assertThat(failure("team/project@both"))
                .hasMessageContaining("refs/tags/both")
                .extracting(SourceFailure::kind)
                .isEqualTo(Kind.INVALID);
        assertThat(fetch("team/project@refs/tags/both").version()).isEqualTo(first);
        assertThat(fetch("team/project@refs/heads/both").version()).isEqualTo(second);
    }

    @ParameterizedTest
    @CsvSource({
        "alice, team/project@main, true",
        "alice, team/project.git@main, true",
        "alice, team/none@main, true",
        "bob, team/project@main, false",
        "alice, team2/project@main, false",
        "alice, tea@main, false",
        "bob, open/x@main, true"
    })
    void allowsByWholeSegmentsAndOwner(String owner, String path, boolean isAllowed) throws Exception {
        int before = git.requests().size();
        SourceFailure failure = catchThrowableOfType(
                SourceFailure.class, () -> host(SETTINGS).fetch(order(owner, "git+" + git.url() + "/" + path)));
        boolean wasAllowed = failure == null || failure.kind() != Kind.NOT_ALLOWED;
        assertThat(wasAllowed).isEqualTo(isAllowed);
        assertThat(git.requests().size() > before).isEqualTo(isAllowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "git+https://token@localhost/team/project@main",
                "git+https://user:secret@localhost/team/project@main",
                "git+http://localhost/team/project@main",
                "git+ssh://git@localhost/team/project@main",
                "git+file:///etc/passwd@main",
                "git+https://localhost/team/project",
                "git+https://localhost/team/../other@main",
                "git+https://localhost/team//project@main",
                "git+https://localhost/team/%2e%2e/other@main",
                "git+https://localhost/team/project@--upload-pack=x",
                "git+https://localhost/team/project@a..b",
                "git+https://localhost/team/project@main#subdirectory=../x",
                "git+https://localhost/team/project@main#egg=x"
            })
    void refusesUrisThatAreNotPlainAndRepeatsNoSecret(String uri) throws Exception {
        SourceFailure failure =
                catchThrowableOfType(SourceFailure.class, () -> host(SETTINGS).fetch(order("alice", uri)));
        assertThat(failure.kind()).isEqualTo(Kind.INVALID);
        assertThat(failure).hasMessageNotContaining("secret").hasMessageNotContaining("token@");
    }

    @Test
    void logsInWithTheTokenOfItsEntryAndShowsItNowhere() throws Exception {
        git.repository("private/project").with("main.py", "1\n").commit();
        git.requireLogin("private", "robot", "s3cret");
        GitAllowList.Entry entry = entry("/private", "s3cret");
        assertThat(untar(host(SETTINGS, entry)
                        .fetch(order("private/project@main"))
                        .file()))
                .containsOnlyKeys("main.py");
        SourceFailure refused = catchThrowableOfType(
                SourceFailure.class,
                () -> host(SETTINGS, entry("/private", "wrong")).fetch(order("private/project@main")));
        assertThat(refused.kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(refused).hasMessageContaining("401");
        assertThat(entry.toString()).doesNotContain("s3cret");
        Path file = Files.writeString(work.resolve("token"), "s3cret\n");
        GitAllowList.Entry byFile = new GitAllowList.Entry(
                git.url() + "/private", List.of("alice"), "robot", null, file, git.authority(), List.of("127.0.0.0/8"));
        assertThat(host(SETTINGS, byFile).fetch(order("private/project@main")).version())
                .hasSize(40);
    }

    @Test
    void followsToTheSameRepositoryAlone() throws Exception {
        git.instead(
                "team/moved",
                exchange -> redirect(exchange, git.url() + "/team/moved.git/info/refs?service=git-upload-pack"));
        git.repository("team/moved.git").with("main.py", "moved\n").commit();
        assertThat(untar(fetch("team/moved@main").file())).containsEntry("main.py", "moved\n");

        int before = git.requests().size();
        for (String target : List.of(
                git.url() + "/other/project/info/refs?service=git-upload-pack",
                "https://localhost:1/team/away/info/refs?service=git-upload-pack",
                "http://localhost:" + git.port() + "/team/away/info/refs?service=git-upload-pack",
                "https://127.0.0.1:" + git.port() + "/team/away/info/refs?service=git-upload-pack")) {
            git.instead("team/away", exchange -> redirect(exchange, target));
            SourceFailure failure = failure("team/away@main");
            assertThat(failure.kind()).as(target).isNotEqualTo(Kind.NOT_ALLOWED);
        }
        assertThat(git.requests().subList(before, git.requests().size()))
                .allMatch(request -> request.startsWith("GET /team/away/info/refs"));
    }

    @Test
    void reachesNoAddressThatIsNotListed() throws Exception {
        int before = git.requests().size();
        GitAllowList.Entry unlisted = new GitAllowList.Entry(
                git.url() + "/team", List.of("alice"), "git", null, null, git.authority(), List.of());
        assertThat(catchThrowableOfType(
                                SourceFailure.class,
                                () -> host(SETTINGS, unlisted).fetch(order("team/project@main")))
                        .kind())
                .isEqualTo(Kind.NOT_ALLOWED);
        assertThat(git.requests()).hasSize(before);
    }

    @Test
    void checksTheAddressOfEachConnection() throws Exception {
        // A name that has an allowed address at first, and another one for the next connection.
        int[] asked = {0};
        DnsResolver turning = new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                return new InetAddress[] {InetAddress.getByName(asked[0]++ == 0 ? "127.0.0.1" : "127.0.0.2")};
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
        git.instead("team/closing", exchange -> {
            exchange.getResponseHeaders().set("Connection", "close");
            redirect(exchange, git.url() + "/team/closing.git/info/refs?service=git-upload-pack");
        });
        GitAllowList.Entry one = new GitAllowList.Entry(
                git.url() + "/team", List.of("alice"), "git", null, null, git.authority(), List.of("127.0.0.1"));
        GitAllowList list = new GitAllowList(List.of(one));
        try (GitProjectHost host = new GitProjectHost(list, SETTINGS, turning)) {
            SourceFailure failure =
                    catchThrowableOfType(SourceFailure.class, () -> host.fetch(order("team/closing@main")));
            assertThat(failure.kind()).isEqualTo(Kind.NOT_ALLOWED);
            assertThat(asked[0]).isEqualTo(2);
        }
    }

    @Test
    void trustsNoCertificateThatItsAuthoritiesDidNotSign() throws Exception {
        GitAllowList.Entry plain = new GitAllowList.Entry(
                git.url() + "/team", List.of("alice"), "git", null, null, null, List.of("127.0.0.0/8"));
        SourceFailure failure = catchThrowableOfType(
                SourceFailure.class, () -> host(SETTINGS, plain).fetch(order("team/project@main")));
        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("certificate");
    }

    @Test
    @Timeout(20)
    void givesUpAHostThatHangsOrTrickles() throws Exception {
        GitFetchSettings short1 = new GitFetchSettings(
                Duration.ofSeconds(1), Duration.ofSeconds(10), DataSize.ofMegabytes(8), DataSize.ofMegabytes(1), 2);
        git.instead("team/hangs", exchange -> sleep(15));
        git.instead("team/trickles", exchange -> {
            refsBegin(exchange);
            OutputStream out = exchange.getResponseBody();
            for (int at = 0; at < 1000; at++) {
                out.write('0');
                out.flush();
                sleep(0.1);
            }
        });
        for (String path : List.of("team/hangs@main", "team/trickles@main")) {
            SourceFailure failure =
                    catchThrowableOfType(SourceFailure.class, () -> host(short1).fetch(order(path)));
            assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("slipway.sources.git.fetch.timeout");
        }
    }

    @Test
    @Timeout(60)
    void stopsAnEndlessPackAndEndlessRefs() throws Exception {
        git.instead(
                "team/endless",
                exchange -> pack(exchange, out -> {
                    byte[] progress = new byte[60_000];
                    while (true) {
                        out.write("%04x\2".formatted(progress.length + 5).getBytes(UTF_8));
                        out.write(progress);
                    }
                }));
        // So many objects that room for them alone would take all memory.
        git.instead(
                "team/objects",
                exchange -> pack(exchange, out -> {
                    out.write("0011\1PACK\0\0\0\2".getBytes(UTF_8));
                    out.write(new byte[] {0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xf0});
                }));
        git.instead("team/refs", exchange -> {
            refsBegin(exchange);
            OutputStream out = exchange.getResponseBody();
            out.write(packet("# service=git-upload-pack\n", "0000").getBytes(UTF_8));
            out.write(packet(first + " refs/heads/main\0side-band-64k\n", "").getBytes(UTF_8));
            for (long block = 0; ; block++) {
                StringBuilder lines = new StringBuilder();
                for (int at = 0; at < 1000; at++) {
                    lines.append(packet(first + " refs/heads/b" + block + "-" + at + "\n", ""));
                }
                out.write(lines.toString().getBytes(UTF_8));
            }
        });
        assertThat(failure("team/endless@main").kind()).isEqualTo(Kind.TOO_LARGE);
        assertThat(failure("team/objects@main")).hasMessageContaining("more objects");
        assertThat(failure("team/refs@main")).hasMessageContaining("branches and tags");
    }

    @Test
    void stopsAtTheLimitsOfFilesAndBytes() throws Exception {
        GitHost.Repository large = git.repository("team/large");
        large.with("a.bin", "x".repeat((int) MB + 1)).with("main.py", "1").commit();
        assertThat(failure("team/large@main")).hasMessageContaining("slipway.sources.git.fetch.max-file");
        GitHost.Repository many = git.repository("team/many");
        for (int at = 0; at < 101; at++) {
            many.with("f" + at + ".py", "");
        }
        many.commit();
        assertThat(failure("team/many@main")).hasMessageContaining("max-entries");
        GitHost.Repository sum = git.repository("team/sum");
        for (int at = 0; at < 9; at++) {
            sum.with("f" + at, (at + "x").repeat((int) MB / 2 - 10));
        }
        sum.commit();
        assertThat(failure("team/sum@main").kind()).isEqualTo(Kind.TOO_LARGE);
    }

    @Test
    void saysThatThereIsNoRepositoryAndNoBranch() throws Exception {
        assertThat(failure("team/nothing@main").kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(failure("team/project@nothing").kind()).isEqualTo(Kind.NOT_FOUND);
        git.instead("team/page", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("<html>".getBytes(UTF_8));
        });
        assertThat(failure("team/page@main")).hasMessageContaining("not by a server of git");
        assertThat(git.requests()).noneMatch(request -> request.contains("/team/page/objects"));
    }

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8, true", "2600::1, true", "10.1.2.3, false", "127.0.0.1, false", "169.254.169.254, false",
        "172.16.0.1, false", "192.168.1.1, false", "100.64.0.1, false", "0.0.0.0, false", "224.0.0.1, false",
        "::1, false", "::, false", "fd00:ec2::254, false", "fe80::1, false", "::ffff:127.0.0.1, false",
        "64:ff9b::7f00:1, false", "2002:7f00:1::, false", "::127.0.0.1, false", "10.20.3.4, true"
    })
    void knowsAddressesThatAreNotPublic(String address, boolean isAllowed) throws Exception {
        assertThat(Addresses.of(List.of("10.20.0.0/16")).allow(InetAddress.getByName(address)))
                .isEqualTo(isAllowed);
    }

    private static void redirect(HttpExchange exchange, String target) throws IOException {
        exchange.getResponseHeaders().set("Location", target);
        exchange.sendResponseHeaders(301, -1);
    }

    private static void refsBegin(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-git-upload-pack-advertisement");
        exchange.sendResponseHeaders(200, 0);
    }

    private interface Pack {
        void to(OutputStream out) throws IOException;
    }

    /** One branch, and a pack for whoever wants it, as servers of the first protocol send them. */
    private void pack(HttpExchange exchange, Pack pack) throws IOException {
        if (exchange.getRequestMethod().equals("GET")) {
            refsBegin(exchange);
            String refs = packet("# service=git-upload-pack\n", "0000")
                    + packet(first + " refs/heads/main\0multi_ack_detailed no-done side-band-64k shallow\n", "0000");
            exchange.getResponseBody().write(refs.getBytes(UTF_8));
            return;
        }
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/x-git-upload-pack-result");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write((packet("shallow " + first, "0000") + packet("NAK\n", "")).getBytes(UTF_8));
        pack.to(exchange.getResponseBody());
    }

    private static String packet(String line, String behind) {
        return "%04x".formatted(line.getBytes(UTF_8).length + 4) + line + behind;
    }

    private static void sleep(double seconds) {
        try {
            Thread.sleep((long) (seconds * 1000));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private FetchedSource fetch(String path) throws IOException {
        try (GitProjectHost host = host(SETTINGS)) {
            return host.fetch(order(path));
        }
    }

    private SourceFailure failure(String path) {
        return catchThrowableOfType(SourceFailure.class, () -> fetch(path));
    }

    private SourceOrder order(String path) throws IOException {
        return order("alice", "git+" + git.url() + "/" + path);
    }

    private SourceOrder order(String owner, String uri) throws IOException {
        return new SourceOrder(owner, uri, null, Files.createTempDirectory(work, "order"), 8 * MB, 100);
    }

    private GitAllowList.Entry entry(String path, @Nullable String token) {
        return new GitAllowList.Entry(
                git.url() + path, List.of("alice"), "robot", token, null, git.authority(), List.of("127.0.0.0/8"));
    }

    private GitProjectHost host(GitFetchSettings settings) {
        return host(
                settings,
                entry("/team", null),
                new GitAllowList.Entry(
                        git.url() + "/open", List.of("*"), "git", null, null, git.authority(), List.of("127.0.0.0/8")));
    }

    private static GitProjectHost host(GitFetchSettings settings, GitAllowList.Entry... entries) {
        return new GitProjectHost(new GitAllowList(List.of(entries)), settings, SystemDefaultDnsResolver.INSTANCE);
    }

    private static Map<String, String> untar(Path file) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(file), "UTF-8")) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), new String(in.readAllBytes(), UTF_8));
            }
        }
        return files;
    }
}
