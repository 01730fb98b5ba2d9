package io.slipway.environments.emr;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How the program on the primary node gets the login of the index by an ARN: by the AWS command, of which there is a stand-in. */
class NodeLoginsTest {

    private static final String DOMAIN = "arn:aws:codeartifact:eu-central-1:123456789012:domain/packages";
    private static final String REPOSITORY =
            "arn:aws-cn:codeartifact:cn-north-1:123456789012:repository/packages/team/sub";
    private static final String SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:index/login-AbCdEf";

    /** The node's own program, with the one that it has beside it. */
    private static final String PROGRAM = """
            import json, sys
            sys.path[:0] = sys.argv[1:3]
            import node, environment
            try:
                print(json.dumps(node.logins(sys.argv[3], ["pypi.example.com", "files.example.com"])))
            except environment.Failed as failed:
                print(json.dumps({"kind": failed.kind, "message": str(failed)}))
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void standIn() throws IOException {
        Path aws = Files.writeString(folder.resolve("aws"), """
                #!/bin/sh
                printf '%s\\n' "$*" > "$(dirname "$0")/asked"
                if [ -e "$(dirname "$0")/answer" ]; then cat "$(dirname "$0")/answer"; exit 0; fi
                echo "An error occurred (AccessDeniedException) when calling it: no identity-based policy allows it" >&2
                exit 254
                """);
        assertThat(aws.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aDomainOfCodeArtifactGivesATokenForEachHost() throws Exception {
        answer("eyJ0b2tlbg.of-a-domain\n");

        JsonNode logins = logins(DOMAIN);

        assertThat(logins).hasSize(2).allSatisfy(login -> {
            assertThat(login.path("user").asString()).isEqualTo("aws");
            assertThat(login.path("password").asString()).isEqualTo("eyJ0b2tlbg.of-a-domain");
        });
        assertThat(logins.path(0).path("host").asString()).isEqualTo("pypi.example.com");
        assertThat(asked())
                .isEqualTo("codeartifact get-authorization-token --region eu-central-1 --domain packages"
                        + " --domain-owner 123456789012 --query authorizationToken --output text");
    }

    @Test
    void aRepositoryIsAskedForByItsDomainInItsOwnRegion() throws Exception {
        answer("token");

        assertThat(logins(REPOSITORY)).hasSize(2);
        assertThat(asked()).contains("--region cn-north-1 --domain packages --domain-owner");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"username\": \"builder\", \"password\": \"p:w\"}",
                "{\"user\": \"builder\", \"password\": \"p:w\"}",
                "builder:p:w\n",
            })
    void aSecretIsReadInBothForms(String secret) throws Exception {
        answer(secret);

        assertThat(logins(SECRET)).allSatisfy(login -> {
            assertThat(login.path("user").asString()).isEqualTo("builder");
            assertThat(login.path("password").asString()).isEqualTo("p:w");
        });
        assertThat(asked())
                .isEqualTo("secretsmanager get-secret-value --region eu-west-1 --secret-id " + SECRET
                        + " --query SecretString --output text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"username\": \"builder\"}",
                "[1]",
                "builder",
                "",
                "builder:two words",
                "builder:line\nmachine other.example.com login x password y",
            })
    void aSecretThatIsNoLoginIsSaidWithoutItsContent(String secret) throws Exception {
        answer(secret);

        JsonNode failed = logins(SECRET);

        assertThat(failed.path("kind").asString()).isEqualTo("login");
        assertThat(failed.path("message").asString()).contains("index").doesNotContain("other.example", "two words");
    }

    @Test
    void aRoleThatMayNotReadItIsToldInAwssWords() throws Exception {
        for (String arn : List.of(DOMAIN, SECRET)) {
            JsonNode failed = logins(arn);
            assertThat(failed.path("kind").asString()).isEqualTo("login");
            assertThat(failed.path("message").asString())
                    .contains("slipway.environments.emr.credentials")
                    .contains("no identity-based policy allows it");
        }
    }

    private void answer(String text) throws IOException {
        Files.writeString(folder.resolve("answer"), text);
    }

    private String asked() throws IOException {
        return Files.readString(folder.resolve("asked")).strip();
    }

    private JsonNode logins(String arn) throws Exception {
        Path programs = Path.of("src/main/resources/io/slipway/environments").toAbsolutePath();
        ProcessBuilder builder = new ProcessBuilder(
                        "python3",
                        "-B",
                        "-c",
                        PROGRAM,
                        programs.toString(),
                        programs.resolve("emr").toString(),
                        arn)
                .redirectError(folder.resolve("err").toFile())
                .directory(folder.toFile());
        builder.environment().merge("PATH", "", (path, none) -> folder + ":" + path);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).as(Files.readString(folder.resolve("err"))).isNotBlank();
        return JsonMapper.shared().readTree(said);
    }
}
