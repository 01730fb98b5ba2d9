package io.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** Stored projects over HTTP: only their owner sees them, and only what changed of them travels. */
class ProjectsTest extends ApiService {

    private final byte[] data = new byte[200_000];

    ProjectsTest() {
        new Random(15).nextBytes(data);
    }

    @Test
    void onlyTheOwnerOfAProjectSeesIt() throws Exception {
        String id = planned();
        assertThat(look(new Service(port, "bobs-token"), id).status()).isEqualTo(404);
        assertThat(look(alice(), id).status()).isEqualTo(200);
        assertThat(look(alice(), "sha256:" + id).status()).isEqualTo(200);
        assertThat(look(alice(), id.replace(id.charAt(0), id.charAt(0) == '0' ? '1' : '0'))
                        .status())
                .isEqualTo(404);
        assertThat(look(alice(), "x").status()).isEqualTo(404);
        assertThat(alice().get("/projects/" + id).status()).isEqualTo(405);
    }

    @Test
    void onlyWhatChangedTravels() throws Exception {
        String base = planned();
        String manifest = manifest("print(2)");
        Answer changed = change(base, manifest, zip("0", "print(2)".getBytes(StandardCharsets.UTF_8)));
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        String project = changed.json().path("project").asString();
        assertThat(project).isEqualTo("sha256:" + sha256(manifest.getBytes(StandardCharsets.UTF_8)));
        assertThat(changed.json().path("files").asInt()).isEqualTo(2);
        assertThat(plan(new Form().field("project", project).field("entryPoint", "main.py"))
                        .json()
                        .path("project")
                        .asString())
                .isEqualTo(project);
    }

    @Test
    void whatChangedMayBeAsLongAsAnyUpload() throws Exception {
        String base = planned();
        String main = "# " + HexFormat.of().formatHex(Arrays.copyOf(data, 100_000));
        byte[] changes = zip("0", main.getBytes(StandardCharsets.UTF_8));
        assertThat(changes.length).isGreaterThan(64 * 1024);
        Answer changed = change(base, manifest(main), changes);
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);

        Answer tooLong = change(base, manifest(main), new byte[1_100_000]);
        assertThat(tooLong.problem()).as(tooLong.text()).isEqualTo("upload-too-large");
    }

    @Test
    void changesTakeNoWishes() throws Exception {
        String base = planned();
        Answer refused = send("/projects/" + base + "/changes?name=x", new Form().file("manifest", "m", new byte[1]));
        assertThat(refused.problem()).as(refused.text()).isEqualTo("invalid-parameter");
        Answer archive = alice().send(HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/projects/" + base + "/changes"))
                .header("Content-Type", "application/zip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(zip("0", new byte[100_000]))));
        assertThat(archive.status()).isEqualTo(415);
        assertThat(archive.text()).contains("-F manifest=@").doesNotContain("--data-binary");
    }

    @Test
    void aManifestThatLiesMakesNoProject() throws Exception {
        String base = planned();
        String manifest = manifest("print(3)");
        Answer refused = change(base, manifest, zip("0", "print(4)".getBytes(StandardCharsets.UTF_8)));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.problem()).isEqualTo("wrong-manifest");
        assertThat(look(alice(), sha256(manifest.getBytes(StandardCharsets.UTF_8)))
                        .status())
                .isEqualTo(404);
        Answer none = change("0".repeat(64), manifest, zip("0", new byte[0]));
        assertThat(none.problem()).as(none.text()).isEqualTo("unknown-project");
    }

    @Test
    void saysWhichPartsThereAre() throws Exception {
        String base = planned();
        assertThat(send("/projects/" + base + "/changes", new Form().file("changes", "c.zip", new byte[1]))
                        .problem())
                .isEqualTo("missing-part");
        assertThat(send("/projects/" + base + "/changes", new Form().file("project", "c.zip", new byte[1]))
                        .json()
                        .path("detail")
                        .asString())
                .contains("'manifest' and 'changes'");
    }

    private String planned() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("main.py"));
            zip.write("print(1)".getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("data.bin"));
            zip.write(data);
        }
        Answer plan = plan(Form.project("p.zip", bytes.toByteArray()));
        assertThat(plan.status()).as(plan.text()).isEqualTo(200);
        return plan.json().path("project").asString().substring("sha256:".length());
    }

    private Answer plan(Form form) throws Exception {
        return send("/plans", form);
    }

    private Answer change(String base, String manifest, byte[] changes) throws Exception {
        return send(
                "/projects/" + base + "/changes",
                new Form()
                        .file("manifest", "manifest", manifest.getBytes(StandardCharsets.UTF_8))
                        .file("changes", "changes.zip", changes));
    }

    private Answer send(String path, Form form) throws Exception {
        return alice().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", form.contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.body())));
    }

    private Answer look(Service who, String id) throws Exception {
        return who.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/projects/" + id))
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));
    }

    private String manifest(String program) throws Exception {
        byte[] main = program.getBytes(StandardCharsets.UTF_8);
        return "slipway-project/1\n- %d %s data.bin\n- %d %s main.py\n"
                .formatted(data.length, sha256(data), main.length, sha256(main));
    }

    private static byte[] zip(String name, byte[] content) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
        }
        return bytes.toByteArray();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
