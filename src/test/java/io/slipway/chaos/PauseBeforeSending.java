package io.slipway.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.emr.model.AddJobFlowStepsRequest;

/**
 * Stops the process that it is in, on command, when an AddJobFlowSteps call of it has been signed and not been sent. The SDK finds it on
 * the class path and calls it before the interceptors of the service.
 */
public final class PauseBeforeSending implements ExecutionInterceptor {

    private static final String COMMAND = "SLIPWAY_CHAOS_PAUSE";

    /** A folder for {@link io.slipway.ServiceProcess#withClasses}. */
    static Path classes(Path folder) throws IOException {
        String file = PauseBeforeSending.class.getName().replace('.', '/') + ".class";
        Path copy = folder.resolve(file);
        Files.createDirectories(copy.getParent());
        try (var bytes = PauseBeforeSending.class.getClassLoader().getResourceAsStream(file)) {
            Files.copy(bytes, copy);
        }
        Path list = folder.resolve("software/amazon/awssdk/services/emr/execution.interceptors");
        Files.createDirectories(list.getParent());
        Files.writeString(list, PauseBeforeSending.class.getName());
        return folder;
    }

    /** The variable that names the file which, once it is there, is taken for the command. */
    static String variable() {
        return COMMAND;
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        String command = System.getenv(COMMAND);
        if (command == null || !(context.request() instanceof AddJobFlowStepsRequest)) {
            return;
        }
        try {
            if (Files.deleteIfExists(Path.of(command))) {
                String pid = String.valueOf(ProcessHandle.current().pid());
                Files.write(Path.of(command + ".taken"), pid.getBytes(StandardCharsets.US_ASCII));
                new ProcessBuilder("kill", "-STOP", pid).start().waitFor();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
