package io.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.TestMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example whose types are made from the OpenAPI document, with the real generator and the real compiler. */
@Tag("full")
class TypeScriptClientTest {

    private static final String NOT_ALWAYS = """
            import type { components } from './slipway.d.ts';
            export const year = (job: components['schemas']['Job']): string => job.endedAt.slice(0, 4);
            """;
    private static final String ALWAYS = """
            import type { components } from './slipway.d.ts';
            export const year = (job: components['schemas']['Job']): string => job.createdAt.slice(0, 4);
            export const first = (page: components['schemas']['PageJob']): string => page.items[0]?.links['self'] ?? '';
            export const isDefault = (cluster: components['schemas']['Cluster']): boolean => cluster.isDefault;
            """;

    @TempDir
    static Path folder;

    private static Path example;

    @BeforeAll
    static void install() throws Exception {
        TestMachine.needs(run(folder, "npm", "--version").code() == 0, "node and npm are installed");
        example = Files.createDirectories(folder.resolve("examples/typescript"));
        for (String file : List.of("package.json", "package-lock.json", "submit.ts")) {
            Files.copy(Path.of("examples/typescript", file), example.resolve(file));
        }
        Files.copy(
                ApiDescription.FILE,
                Files.createDirectories(folder.resolve("docs")).resolve("openapi.json"));
        Ran installed = run(example, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        TestMachine.needs(installed.code() == 0, "npm can install openapi-typescript: " + installed.output());
        assertThat(run(example, "npm", "run", "types")).extracting(Ran::code).isEqualTo(0);
    }

    @Test
    void theExampleCompilesUnderStrict() throws Exception {
        Ran checked = run(example, "npm", "run", "check");

        assertThat(checked.code()).as(checked.output()).isZero();
    }

    @Test
    void whatMayBeNullIsToldApartFromWhatIsAlwaysThere() throws Exception {
        Files.writeString(example.resolve("not-always.ts"), NOT_ALWAYS);
        Files.writeString(example.resolve("always.ts"), ALWAYS);

        assertThat(compile("always.ts")).extracting(Ran::output).isEqualTo("");
        assertThat(compile("not-always.ts").output()).contains("'job.endedAt' is possibly 'null'");
    }

    private static Ran compile(String file) throws Exception {
        return run(example, "npx", "tsc", "--strict", "--noEmit", "--target", "es2022", "--module", "nodenext", file);
    }

    private record Ran(int code, String output) {}

    private static Ran run(Path where, String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(where.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(3, TimeUnit.MINUTES) ? process.exitValue() : -1, output);
        } catch (IOException notThere) {
            return new Ran(-1, notThere.toString());
        }
    }
}
