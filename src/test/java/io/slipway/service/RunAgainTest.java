package io.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.Databases;
import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
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

/** A job that is run again keeps what nobody can read any more, and whose it was. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"server.address=127.0.0.1", "slipway.security.operators=olga"})
@DirtiesContext
@Tag("full")
class RunAgainTest {

    private static final String SOURCE = "import os\nprint(os.environ.get('PASSWORD'), os.environ.get('STAGE'))\n";
    private static final String PAGE = "text/html";

    @TempDir
    static Path folder;

    @LocalServerPort
    int port;

    private final String secret = "s3cr3t-" + UUID.randomUUID();
    private Service alice;
    private Service bob;
    private Service olga;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry properties) {
        properties.add("slipway.home", () -> folder.resolve("home"));
        Databases.h2(folder).configure(properties);
        for (String owner : List.of("alice", "bob", "olga")) {
            properties.add("slipway.security.tokens." + owner, () -> sha256("token of " + owner));
        }
    }

    @BeforeEach
    void connect() {
        alice = new Service(port, "token of alice");
        bob = new Service(port, "token of bob");
        olga = new Service(port, "token of olga");
    }

    @Test
    void aNameWithoutAValueKeepsTheOneThatTheEarlierJobHad() throws Exception {
        String first = end(alice, withSecret());
        String second = end(alice, again(first, "{\"environment\": {\"PASSWORD\": null, \"STAGE\": \"prod\"}}"));
        assertThat(alice.stdout(second)).isEqualTo(secret + " prod\n");
        assertThat(alice.get("/jobs/" + second).json().path("origin").asString())
                .isEqualTo(first);
        assertThat(alice.get("/jobs/" + first).json().path("origin").isNull()).isTrue();
        String third = end(alice, again(second, "{\"environment\": {\"PASSWORD\": null}}"));
        assertThat(alice.stdout(third)).isEqualTo(secret + " None\n");
    }

    @Test
    void theDescriptionOfTheApiAllowsIt() throws Exception {
        JsonNode spec = alice.get("/v3/api-docs")
                .json()
                .path("components")
                .path("schemas")
                .path("JobSpec")
                .path("properties");
        assertThat(spec.path("environment")
                        .path("additionalProperties")
                        .path("type")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactlyInAnyOrder("string", "null");
        assertThat(spec.path("labels").path("additionalProperties").path("type").asString())
                .isEqualTo("string");
    }

    @Test
    void anEmptyValueIsAValue() throws Exception {
        String again =
                end(alice, again(end(alice, withSecret()), "{\"environment\": {\"PASSWORD\": \"\", \"STAGE\": null}}"));
        assertThat(alice.stdout(again)).isEqualTo(" test\n");
    }

    @Test
    void aNullIsAMistakeAtItsFieldWhereThereIsNothingToKeep() throws Exception {
        String nothing = "{\"environment\": {\"PASSWORD\": null, \"STAGE\": \"x\"}}";
        assertThat(mistakes(alice.post(Form.script(SOURCE).json("spec", nothing))))
                .singleElement()
                .asString()
                .startsWith("environment.PASSWORD ")
                .contains("job:<id>");

        String project = project(end(alice, withSecret()));
        assertThat(mistakes(alice.post(new Form().field("project", project).json("spec", nothing))))
                .singleElement()
                .asString()
                .startsWith("environment.PASSWORD ")
                .contains("job:<id>");

        String bare = end(alice, Form.script(SOURCE).field("environment", "STAGE=test"));
        assertThat(mistakes(alice.post(again(bare, nothing))))
                .singleElement()
                .asString()
                .startsWith("environment.PASSWORD ")
                .contains("job " + bare);
    }

    @Test
    void aKeptValueIsPartOfWhatARepeatedKeyStandsFor() throws Exception {
        String first = end(alice, withSecret());
        String key = "again-" + UUID.randomUUID();
        Form kept = again(first, "{\"environment\": {\"PASSWORD\": null}}");
        Answer once = alice.post(kept, "Idempotency-Key", key);
        Answer repeated = alice.post(kept, "Idempotency-Key", key);
        assertThat(once.status()).as(once.text()).isEqualTo(202);
        assertThat(repeated.status()).isEqualTo(200);
        assertThat(repeated.json().path("id")).isEqualTo(once.json().path("id"));
        assertThat(alice.post(again(first, "{\"environment\": {\"PASSWORD\": \"other\"}}"), "Idempotency-Key", key)
                        .status())
                .isEqualTo(409);
    }

    @Test
    void aPlanKeepsAndMasksIt() throws Exception {
        String first = end(alice, withSecret());
        Answer plan = plan(alice, again(first, "{\"environment\": {\"PASSWORD\": null}}"));
        assertThat(plan.status()).as(plan.text()).isEqualTo(200);
        assertThat(plan.text()).doesNotContain(secret);
        assertThat(plan.json().path("environment").path("PASSWORD").asString()).isEqualTo("***");
        assertThat(plan(alice, again(first, "{\"environment\": {\"OTHER\": null}}"))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void aPlanTellsWhatConfigurationLiesOverTheProjectAndKeepsItWithout() throws Exception {
        Form form = Form.script("print(open('main.ini').read(), end='')\n").file("config", "main.ini", bytes("first"));
        Answer plan = plan(alice, form);
        assertThat(overlays(plan)).containsExactly("main.ini added", "main.py null");
        String base = plan.json().path("baseProject").asString();
        assertThat(base).isNotEqualTo(plan.json().path("project").asString());

        String job = end(alice, new Form().field("project", base).file("config", "main.ini", bytes("second")));
        assertThat(alice.stdout(job)).isEqualTo("second");
        Form again = new Form()
                .field("project", "job:" + job)
                .file("config", "main.ini", bytes("third"))
                .file("config", "main.py", bytes("print('other')\n"));
        assertThat(overlays(plan(alice, again))).containsExactly("main.ini added", "main.py replaced");

        Answer plain = plan(alice, Form.script("print('plain')\n"));
        assertThat(overlays(plain)).containsExactly("main.py null");
        assertThat(plain.json().path("baseProject")).isEqualTo(plain.json().path("project"));
    }

    @Test
    void nobodyElseGetsAtAValue() throws Exception {
        String first = end(alice, withSecret());
        Form wish = again(first, "{\"environment\": {\"PASSWORD\": null}}");
        // Bob has sent the same project, and olga sees alice's jobs.
        end(bob, Form.script(SOURCE));
        for (Service other : List.of(bob, olga)) {
            for (Answer refused : List.of(other.post(wish), plan(other, wish))) {
                assertThat(refused.status()).isEqualTo(422);
                assertThat(refused.problem()).isEqualTo("unknown-project");
                assertThat(refused.text()).doesNotContain(secret);
            }
        }
    }

    @Test
    void onlyItsOwnerIsOfferedToRunAJobAgain() throws Exception {
        String id = end(alice, withSecret());
        String form = "/ui/jobs/new?from=" + id;
        assertThat(alice.get("/ui/jobs/" + id, "Accept", PAGE).text()).contains(form);
        assertThat(alice.get(form, "Accept", PAGE).text()).contains("PASSWORD").doesNotContain(secret, "PASSWORD=");

        Answer seen = olga.get("/ui/jobs/" + id, "Accept", PAGE);
        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.text()).doesNotContain("Run again");
        assertThat(olga.get(form, "Accept", PAGE).status()).isEqualTo(404);
    }

    private Form withSecret() {
        return Form.script(SOURCE).field("environment", "PASSWORD=" + secret).field("environment", "STAGE=test");
    }

    private static Form again(String job, String spec) {
        return new Form().field("project", "job:" + job).json("spec", spec);
    }

    private static String end(Service service, Form form) throws Exception {
        Answer answer = service.post(form);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        String id = answer.json().path("id").asString();
        assertThat(service.end(id).path("state").asString()).isEqualTo("SUCCEEDED");
        return id;
    }

    private String project(String job) throws Exception {
        return alice.get("/jobs/" + job).json().path("spec").path("project").asString();
    }

    private static Answer plan(Service service, Form form) throws Exception {
        return service.send(service.request("/plans")
                .header("Content-Type", form.contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.body())));
    }

    private static List<String> overlays(Answer plan) {
        assertThat(plan.status()).as(plan.text()).isEqualTo(200);
        return plan.json()
                .path("files")
                .valueStream()
                .map(file -> file.path("path").asString() + " "
                        + (file.path("overlay").isNull()
                                ? null
                                : file.path("overlay").asString()))
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> mistakes(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.problem()).isEqualTo("invalid-spec");
        return answer.json()
                .path("errors")
                .valueStream()
                .map(RunAgainTest::line)
                .toList();
    }

    private static String line(JsonNode error) {
        return error.path("at").asString() + " " + error.path("message").asString();
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
