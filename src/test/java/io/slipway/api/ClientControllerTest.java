package io.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

/** The client as the service hands it out. */
class ClientControllerTest {

    private static final Path CLIENT = Path.of("client/slipway");

    @Test
    void handsOutTheClientWithItsVersionAndSum() throws Exception {
        MockHttpServletResponse answer = answer("/slipway");
        byte[] file = Files.readAllBytes(CLIENT);
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContentAsByteArray()).isEqualTo(file);
        assertThat(answer.getContentType()).startsWith("text/x-python");
        assertThat(answer.getHeader(ClientController.SHA256)).isEqualTo(sum);
        assertThat(answer.getHeader("ETag")).isEqualTo('"' + sum + '"');
        assertThat(answer("/slipway.sha256").getContentAsString()).isEqualTo(sum + "  slipway\n");
    }

    @Test
    void theClientHasTheVersionOfTheBuild() throws Exception {
        Matcher build = Pattern.compile("<artifactId>slipway</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(build.find()).isTrue();
        assertThat(answer("/slipway").getHeader(ClientController.VERSION))
                .isEqualTo(build.group(1).replace("-SNAPSHOT", ""));
    }

    @Test
    void sendsNothingToWhoHasIt() throws Exception {
        MockHttpServletResponse first = answer("/slipway");
        MockHttpServletResponse again = service(new FileSystemResource(CLIENT))
                .perform(get("/slipway").header("If-None-Match", String.valueOf(first.getHeader("ETag"))))
                .andReturn()
                .getResponse();
        assertThat(again.getStatus()).isEqualTo(304);
        assertThat(again.getContentLength()).isZero();
    }

    @Test
    void saysThatABuildHoldsNoClient() throws Exception {
        Resource missing = new FileSystemResource("client/there-is-none");
        ClientController controller = new ClientController(missing);
        assertThatThrownBy(controller::file).isInstanceOf(ApiProblem.class).hasMessageContaining("no client");
        assertThat(new ClientController(new ByteArrayResource("# no version".getBytes(StandardCharsets.UTF_8)))
                        .file()
                        .getHeaders()
                        .getFirst(ClientController.VERSION))
                .isEqualTo("unknown");
    }

    private static MockHttpServletResponse answer(String path) throws Exception {
        return service(new FileSystemResource(CLIENT))
                .perform(get(path))
                .andReturn()
                .getResponse();
    }

    private static MockMvc service(Resource file) throws IOException {
        return MockMvcBuilders.standaloneSetup(new ClientController(file)).build();
    }
}
