package io.slipway.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Primary nodes that run steps for real: the words of a step of {@code command-runner.jar} are started as they are, in a folder of the
 * step's own, with a stand-in for the AWS command that speaks to the stand-in for S3. A cancelled step gets SIGTERM, as on EMR.
 */
public final class PrimaryNodes implements AutoCloseable {

    /** As much of the AWS command as steps use. Which secrets there are is told by files of this machine. */
    private static final String AWS = """
        #!/usr/bin/env python3
        import os, sys, urllib.request, urllib.error
        words = [word for word in sys.argv[1:] if word != "--only-show-errors"]
        node = os.environ["NODE"]
        with open(node + "/aws-calls", "a") as calls:
            calls.write(" ".join(words) + "\\n")
        def ask(method, uri, body=None):
            bucket, _, key = uri[len("s3://"):].partition("/")
            request = urllib.request.Request(os.environ["S3"] + bucket + "/" + key, data=body, method=method)
            request.add_header("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/" + os.environ["REGION"] + "/s3/aws4_request")
            try:
                return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).read()
            except urllib.error.HTTPError as error:
                sys.exit("fatal error: An error occurred (%d) when calling %s on %s" % (error.code, method, uri))
        if words[:2] == ["s3", "cp"] and words[2].startswith("s3://"):
            content = ask("GET", words[2])
            with open(words[3], "wb") as file:
                file.write(content)
        elif words[:2] == ["s3", "cp"]:
            if os.path.exists(node + "/no-puts") and open(node + "/no-puts").read() in words[3]:
                sys.exit("upload failed: %s An error occurred (AccessDenied) when calling the PutObject operation" % words[2])
            with open(words[2], "rb") as file:
                ask("PUT", words[3], file.read())
        elif words[:2] in (["secretsmanager", "get-secret-value"], ["codeartifact", "get-authorization-token"]):
            if not os.path.exists(node + "/" + words[0]):
                sys.exit("An error occurred (AccessDeniedException) when calling " + words[1])
            print(open(node + "/" + words[0]).read())
        else:
            sys.exit("unexpected: " + " ".join(words))
        """;

    private final SimulatedEmr emr;
    private final Path folder;
    private final Predicate<String> names;
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, Process> running = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();

    /** @param names of the steps that are run; others are as their scripts say. Those are to be scripted to run long */
    public PrimaryNodes(SimulatedEmr emr, SimulatedS3 s3, Path folder, Predicate<String> names) throws IOException {
        this.emr = emr;
        this.folder = Files.createDirectories(folder);
        this.names = names;
        Path bin = Files.createDirectories(folder.resolve("bin"));
        program("aws", AWS);
        environment.put("NODE", folder.toString());
        String endpoint = s3.endpoint().toString();
        environment.put("S3", endpoint.endsWith("/") ? endpoint : endpoint + "/");
        environment.put("REGION", SimulatedS3.REGION);
        environment.put("PATH", bin + ":" + System.getenv("PATH"));
        emr.onChange(this::changed);
    }

    /** What steps find in their environment. */
    public PrimaryNodes with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** A file of the node that its stand-in for the AWS command knows. */
    public PrimaryNodes file(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
        return this;
    }

    /** A program on the PATH of steps, such as a stand-in for Spark's. It finds its cluster and step in CLUSTER and STEP. */
    public PrimaryNodes program(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve("bin").resolve(name), content);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("no program can be made in " + file.getParent());
        }
        return this;
    }

    /** What the AWS command was asked, in order. */
    public List<String> awsCalls() throws IOException {
        Path calls = folder.resolve("aws-calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    /** What the step printed. */
    public String output(EmrStep step) throws IOException {
        return Files.readString(folder.resolve(step.id() + ".out"));
    }

    /** The folders of steps, which are empty but for our programs when all has gone well. */
    public Path folder(EmrStep step) {
        return folder.resolve(step.id());
    }

    private void changed(String cluster, EmrStep step) {
        if (!names.test(step.name())) {
            return;
        }
        if (step.state().equals("RUNNING")) {
            start(cluster, step);
        } else if (step.state().equals("CANCEL_PENDING") && running.containsKey(step.id())) {
            running.get(step.id()).destroy();
        }
    }

    /** The stand-in is told of the end by another thread: it tells of changes under its lock. */
    private void start(String cluster, EmrStep step) {
        try {
            ProcessBuilder builder = new ProcessBuilder(words(step))
                    .directory(Files.createDirectories(folder(step)).toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(step.id() + ".out").toFile());
            builder.environment().keySet().removeIf(name -> name.matches("PYTHON.*|PIP.*|SPARK.*|VIRTUAL_ENV"));
            builder.environment().putAll(environment);
            builder.environment().put("CLUSTER", cluster);
            builder.environment().put("STEP", step.id());
            Process process = builder.start();
            running.put(step.id(), process);
            Thread thread = new Thread(() -> await(cluster, step, process), "primary-node-" + step.id());
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process is looked for on the PATH of this JVM, which has no stand-ins. */
    private List<String> words(EmrStep step) {
        List<String> words = new ArrayList<>(step.args());
        Path standIn = folder.resolve("bin").resolve(words.get(0));
        if (Files.exists(standIn)) {
            words.set(0, standIn.toString());
        }
        return words;
    }

    private void await(String cluster, EmrStep step, Process process) {
        try {
            int status = process.waitFor();
            if (step.state().equals("RUNNING")) {
                if (status == 0) {
                    emr.end(cluster, step.id());
                } else {
                    emr.fail(cluster, step.id());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the processes of all steps, as when the machine is gone. */
    public void lose() {
        running.values().forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    @Override
    public void close() throws InterruptedException {
        lose();
        for (Process process : running.values()) {
            process.waitFor(10, TimeUnit.SECONDS);
        }
        threads.forEach(Thread::interrupt);
    }
}
