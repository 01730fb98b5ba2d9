package io.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.Databases;
import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.environments.PackageIndex;
import io.slipway.environments.Wheel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Who sees which environments, over the API and on pages, and who may have one built anew. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"server.address=127.0.0.1", "slipway.security.operators=olga"})
@DirtiesContext
@Tag("full")
class EnvironmentsOverHttpTest {

    private static final Wheel SHARED = Wheel.of("lib_shared", "1.0");
    private static final PackageIndex INDEX = PackageIndex.open().with(Wheel.of("lib_own", "2.5"), SHARED);
    private static final String NOBODYS = "/01JD3Q8Z0V7M4T2K5E9XHWBRCN";

    @TempDir
    static Path folder;

    @LocalServerPort
    int port;

    private Service ann;
    private Service bob;
    private Service olga;

    /** Of ann alone, since it is not hashed. */
    private static String own;

    /** Built for ann and used by bob, too. */
    private static String shared;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry properties) {
        properties.add("slipway.home", () -> folder.resolve("home"));
        properties.add("slipway.environments.index-url", INDEX::url);
        for (String owner : List.of("ann", "bob", "olga")) {
            properties.add("slipway.security.tokens." + owner, () -> sha256(owner + "-token"));
        }
        Databases.h2(folder).configure(properties);
    }

    @BeforeEach
    void build() throws Exception {
        ann = new Service(port, "ann-token");
        bob = new Service(port, "bob-token");
        olga = new Service(port, "olga-token");
        if (own != null) {
            return;
        }
        own = environment(run(ann, "lib_own==2.5\n"));
        String hashed = "lib_shared==1.0 --hash=sha256:" + SHARED.sha256() + "\n";
        shared = environment(run(ann, hashed));
        assertThat(environment(run(bob, hashed))).isEqualTo(shared);
    }

    @AfterAll
    static void closeIndex() {
        INDEX.close();
    }

    @Test
    void anOwnerSeesWhatWasBuiltAndOfWhat() throws Exception {
        JsonNode environment = ann.get("/environments/" + own).json();

        assertThat(environment.path("state").asString()).isEqualTo("READY");
        assertThat(environment.path("owner").asString()).isEqualTo("ann");
        assertThat(environment.path("packages").valueStream().map(JsonNode::toString))
                .anyMatch(each -> each.contains("lib") && each.contains("2.5"));
        assertThat(environment.path("sizeBytes").asLong()).isPositive();
        assertThat(environment.path("buildSeconds").asDouble()).isPositive();
        assertThat(environment.path("python").asString()).startsWith("3.");
        assertThat(environment.path("lastUsedAt").isNull()).isFalse();
        assertThat(environment.path("hashed").asBoolean()).isFalse();
    }

    @Test
    void theListHasOnesOwnAndThoseThatOnesJobsUse() throws Exception {
        assertThat(ids(ann)).containsExactly(shared, own);
        assertThat(ids(bob)).containsExactly(shared);
        assertThat(ids(olga)).contains(shared, own);

        JsonNode first = ann.get("/environments?limit=1").json();
        assertThat(first.path("items")).hasSize(1);
        JsonNode second = ann.get(first.path("next").asString()).json();
        assertThat(second.path("items").path(0).path("id").asString()).isEqualTo(own);
        assertThat(second.path("next").isNull()).isTrue();
        assertThat(ann.get("/environments?limit=0").status()).isEqualTo(400);
        assertThat(ann.get("/environments?before=x").status()).isEqualTo(400);
    }

    @Test
    void othersDoNotLearnThatThereIsOne() throws Exception {
        for (String path : List.of("/environments/", "/ui/environments/")) {
            Answer others = bob.get(path + own);
            assertThat(others.status()).as(path).isEqualTo(404);
            assertThat(others.text().replace(own, "")).doesNotContain("lib_own", "lib-own");
            assertThat(bob.get(path + NOBODYS.substring(1)).status()).isEqualTo(404);
        }
        assertThat(bob.get("/environments/" + own + "/log").status()).isEqualTo(404);
        assertThat(bob.post("/environments/" + own + "/rebuild").status()).isEqualTo(404);
        assertThat(bob.get("/ui/environments").text()).contains(shared).doesNotContain(own);
        assertThat(ann.post("/environments" + NOBODYS + "/rebuild").status()).isEqualTo(404);
    }

    @Test
    void whoSharesOneSeesItWithoutItsOwnerAndLeavesItAsItIs() throws Exception {
        JsonNode environment = bob.get("/environments/" + shared).json();

        assertThat(environment.path("state").asString()).isEqualTo("READY");
        assertThat(environment.path("owner").isNull()).isTrue();
        assertThat(environment.path("links").has("rebuild")).isFalse();
        assertThat(bob.get("/environments/" + shared + "/log").text()).contains("lib_shared");
        Answer refused = bob.post("/environments/" + shared + "/rebuild");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).contains("somebody else");
        String page = bob.get("/ui/environments/" + shared).text();
        assertThat(page).contains("Packages").doesNotContain("Build anew").doesNotContain("ann");
    }

    @Test
    void theLogIsReadFromAnOffset() throws Exception {
        Answer whole = ann.get("/environments/" + own + "/log");
        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.header("Content-Type")).startsWith("text/plain");
        assertThat(whole.text()).contains("lib_own");

        Answer rest = ann.get("/environments/" + own + "/log?offset=10");
        assertThat(rest.text()).isEqualTo(whole.text().substring(10));
        assertThat(rest.header("Slipway-Log-Offset")).isEqualTo("10");
        assertThat(ann.get("/environments/" + own + "/log?offset=100000000").text())
                .isEmpty();
        assertThat(ann.get("/environments/" + own + "/log?offset=-1").status()).isEqualTo(400);
    }

    @Test
    void pagesShowThemAndJobsLeadThere() throws Exception {
        String job = run(ann, "lib_own==2.5\n");

        assertThat(ann.get("/ui/jobs/" + job).text()).contains("/ui/environments/" + own);
        assertThat(ann.get("/ui/environments").text()).contains(own, shared, "ready");
        String page = ann.get("/ui/environments/" + own).text();
        assertThat(page).contains("Build anew", "lib_own", "2.5", "What the build said");
        assertThat(olga.get("/ui/environments/" + own).text()).contains("Build anew");
    }

    @Test
    void anOperatorHasOneBuiltAnewAndLaterJobsGetIt() throws Exception {
        String first = environment(run(ann, "lib_own\n"));
        Answer answer = olga.post("/environments/" + first + "/rebuild");

        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        String next = answer.json().path("id").asString();
        assertThat(next).isNotEqualTo(first);
        assertThat(answer.header("Location")).endsWith("/environments/" + next);
        assertThat(answer.json().path("generation").asInt()).isEqualTo(2);
        assertThat(environment(run(ann, "lib_own\n"))).isEqualTo(next);
        assertThat(ann.get("/environments/" + first).json().path("state").asString())
                .as("jobs that run in it keep it")
                .isEqualTo("READY");
    }

    private static List<String> ids(Service reader) throws Exception {
        return reader.get("/environments")
                .json()
                .path("items")
                .valueStream()
                .map(each -> each.path("id").asString())
                .toList();
    }

    private static String run(Service owner, String requirements) throws Exception {
        Answer answer = owner.post(Form.script("print(1)\n")
                .file("requirementsFile", "requirements.txt", requirements.getBytes(StandardCharsets.UTF_8)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        JsonNode job = owner.end(answer.json().path("id").asString());
        assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("SUCCEEDED");
        return job.path("id").asString();
    }

    private String environment(String job) throws Exception {
        String link = olga.get("/jobs/" + job)
                .json()
                .path("links")
                .path("environment")
                .asString();
        assertThat(link).contains("/environments/");
        return link.substring(link.lastIndexOf('/') + 1);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
