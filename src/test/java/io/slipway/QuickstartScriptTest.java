package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Parts of the script {@code quickstart}, without the service. */
class QuickstartScriptTest {

    /** The script as a module, with a service whose process ends by itself again and again. */
    private static final String ENDING = """
            import importlib.machinery, importlib.util, pathlib, sys
            loader = importlib.machinery.SourceFileLoader("quickstart", sys.argv[1])
            sys.dont_write_bytecode = True
            quickstart = importlib.util.module_from_spec(importlib.util.spec_from_loader("quickstart", loader))
            loader.exec_module(quickstart)
            class Ended:
                def poll(self): return int(sys.argv[2])
            class Service(quickstart.Service):
                starts = 0
                def start(self):
                    self.starts += 1
                    self.process = Ended()
                def last_words(self): return "(its log)"
            service = Service("java", pathlib.Path("/nonexistent"), 1, None)
            quickstart.time.sleep = lambda seconds: None
            service.start()
            try:
                service.stay()
            except quickstart.Failure as failure:
                print(service.starts, failure)
            """;

    @Test
    void startsAServiceAgainWhoseMemoryWasSpentButNotForEver() throws Exception {
        assertThat(stay(3))
                .contains("has spent its memory and is started again")
                .contains("4 The service ended by itself, with status 3.");
    }

    @Test
    void startsNoServiceAgainThatEndedOtherwise() throws Exception {
        assertThat(stay(1)).isEqualToIgnoringNewLines("1 The service ended by itself, with status 1. (its log)");
    }

    private static String stay(int status) throws Exception {
        Process python = new ProcessBuilder(
                        "python3",
                        "-c",
                        ENDING,
                        Path.of("quickstart").toAbsolutePath().toString(),
                        Integer.toString(status))
                .redirectErrorStream(true)
                .start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
