package io.slipway.vitals;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.ServletException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Real processes whose memory is spent, wherever that is noticed. */
class OutOfMemoryTest {

    @ParameterizedTest
    @ValueSource(strings = {"loop", "pool", "unguarded", "filter", "handler"})
    void endsTheProcessAsTheOptionOfTheJvmDoesAndSaysSo(String where) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Spender.class.getName(),
                        where)
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(said).isEqualTo(OutOfMemory.STATUS);
            assertThat(said).contains("Slipway ends with status 3: its memory is spent");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void isSeenBehindWhatOthersMadeOfIt() {
        OutOfMemoryError spent = new OutOfMemoryError("Java heap space");
        assertThat(OutOfMemory.isCause(new ServletException("Handler dispatch failed", spent)))
                .isTrue();
        assertThat(OutOfMemory.isCause(new StackOverflowError())).isFalse();
    }

    /** Takes all memory at one place of the service and would then stay for ever. */
    static final class Spender {

        public static void main(String[] arguments) throws Exception {
            Faults faults = new Faults(new SimpleMeterRegistry());
            UnguardedThreads unguarded = new UnguardedThreads(faults);
            switch (arguments[0]) {
                case "loop" -> new Thread(faults.restarting("loop", Spender::spend)).start();
                case "pool" -> new Thread(faults.once("executor", Spender::spend)).start();
                case "unguarded" -> new Thread(Spender::spend).start();
                case "filter" -> new Thread(Spender::request).start();
                default ->
                    new SpentMemory()
                            .resolveException(
                                    new MockHttpServletRequest(),
                                    new MockHttpServletResponse(),
                                    null,
                                    new ServletException("Handler dispatch failed", spent()));
            }
            new CountDownLatch(1).await();
            unguarded.destroy();
        }

        private static void request() {
            try {
                new SpentMemoryFilter()
                        .doFilter(
                                new MockHttpServletRequest(),
                                new MockHttpServletResponse(),
                                (request, response) -> spend());
            } catch (Throwable asTheContainerDoes) {
                System.err.println("swallowed");
            }
        }

        private static Error spent() {
            try {
                spend();
                throw new AssertionError("there was memory for everything");
            } catch (OutOfMemoryError spent) {
                return spent;
            }
        }

        private static void spend() {
            java.util.List<byte[]> all = new java.util.ArrayList<>();
            while (true) {
                all.add(new byte[1 << 20]);
            }
        }
    }
}
