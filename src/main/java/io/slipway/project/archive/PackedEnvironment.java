package io.slipway.project.archive;

import io.slipway.project.ArtifactId;
import io.slipway.project.Finding;
import io.slipway.project.HeldBytes;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A Python environment as venv-pack and conda-pack write it. It is stored as it came and only ever unpacked on a cluster. What is looked
 * at here, in one pass, is whether a Python can be started from it on Linux, and what it wants of the machine.
 *
 * @param id that a spec can name it by, {@code sha256:<hex>}; of the bytes as they came
 * @param python the version whose packages are in it, as {@code 3.11}; {@code null} when there is none in it
 * @param outside the interpreter's path outside of it that its {@code bin/python} is a link to; {@code null} when it is in it
 * @param complete whether Python's own library is in it, as conda-pack has it; a venv takes the library of the interpreter that made it
 * @param code what its programs and libraries were compiled for
 * @param escaping a path in it that leads out of the folder in which it is unpacked; {@code null} when none does
 */
public record PackedEnvironment(
        String id,
        @Nullable String python,
        @Nullable String outside,
        boolean complete,
        NativeCode code,
        @Nullable String escaping) {

    /** What Spark is told to start, and what that may be a link to. */
    private static final Pattern PYTHON = Pattern.compile("bin/python[0-9.]{0,9}");

    private static final Pattern LIBRARY = Pattern.compile("lib/python(\\d\\.\\d{1,3})/.*", Pattern.DOTALL);

    private static final Pattern OWN_LIBRARY = Pattern.compile("lib/python\\d\\.\\d{1,3}/os\\.py");

    /** Where the nodes' Linux and its packages put theirs. */
    private static final Pattern OF_THE_SYSTEM = Pattern.compile("/usr/(local/)?bin/python(\\d(\\.\\d{1,3})?)?");

    private static final int MOST_LINKS = 64;

    /** So much is unpacked to look at compiled code; an environment may be larger. */
    private static final long MOST_LOOKED_AT = 2L << 30;

    /** @throws InvalidProject when no Python can be started from it, with the way out */
    public static PackedEnvironment of(HeldBytes file, ArchiveLimits limits) throws IOException {
        Look look = new Look();
        look.at(file, limits);
        if (!look.links.containsKey("bin/python")) {
            throw invalid(
                    "has no bin/python in it: pack the environment itself, with venv-pack -o env.tar.gz or conda-pack");
        }
        if (look.ofMac) {
            throw invalid("has a bin/python that is a program of macOS: pack the environment on Linux,"
                    + " or send the requirements and have them installed on the cluster");
        }
        return new PackedEnvironment(
                digest(file),
                look.python,
                look.interpreter(),
                look.complete,
                new NativeCode(look.machines, look.glibc),
                look.escaping == null ? null : shown(look.escaping));
    }

    /** Under which it is stored. */
    public ArtifactId artifactId() {
        return new ArtifactId(id.substring(id.indexOf(':') + 1));
    }

    /**
     * What will likely go wrong with it on a cluster.
     *
     * @param glibc that the cluster's nodes have, as {@code 2.26}; {@code null} when nobody knows
     * @param architecture of the cluster's nodes, as {@code aarch64}; {@code null} when nobody knows
     * @param pythons that the nodes have or can get; empty when nobody knows
     */
    public List<Finding> findings(@Nullable String glibc, @Nullable String architecture, List<String> pythons) {
        List<Finding> found = new ArrayList<>();
        if (escaping != null) {
            found.add(warning(
                    "environment-path-outside",
                    "The packed environment has the path " + escaping + ", which leads out of it; the node that unpacks"
                            + " it refuses that, or leaves the file where no program looks for it.",
                    "Pack the environment's own folder, with venv-pack or conda-pack."));
        }
        if (outside != null && !OF_THE_SYSTEM.matcher(outside).matches()) {
            found.add(warning(
                    "environment-interpreter-outside",
                    "bin/python of the packed environment is a link to " + shown(outside) + ", which is not in it.",
                    "Pack with conda-pack, or with venv-pack --python-prefix and the folder of an interpreter"
                            + " that the nodes have."));
        }
        if (python != null && !complete && !pythons.isEmpty() && !pythons.contains(python)) {
            found.add(warning(
                    "environment-python-version",
                    "The packed environment is for Python " + python + "; the cluster's release has "
                            + String.join(", ", pythons) + ".",
                    "Make it with one of these, or pack an interpreter with it (conda-pack)."));
        }
        for (String machine : code.machines()) {
            if (!NativeCode.OF_CLUSTERS.contains(machine)) {
                found.add(warning(
                        "environment-architecture",
                        "The packed environment has compiled code for " + machine + ".",
                        "Pack it on Linux, on a machine of the cluster's architecture (x86_64 or aarch64)."));
            }
        }
        if (code.machines().containsAll(NativeCode.OF_CLUSTERS)) {
            found.add(warning(
                    "environment-architecture",
                    "The packed environment has compiled code for both x86_64 and aarch64; no node runs both.",
                    "Pack it anew on a machine of the cluster's architecture."));
        }
        if (architecture != null
                && code.machines().size() == 1
                && NativeCode.OF_CLUSTERS.containsAll(code.machines())
                && !code.machines().contains(architecture)) {
            found.add(warning(
                    "environment-architecture",
                    "The packed environment has compiled code for "
                            + code.machines().iterator().next() + "; the cluster's nodes are " + architecture + ".",
                    "Pack it on a machine of the cluster's architecture, or send the requirements and have them"
                            + " installed on the cluster."));
        }
        if (glibc != null && NativeCode.isNewer(code.glibc(), glibc)) {
            found.add(warning(
                    "environment-glibc",
                    "Compiled code in the packed environment wants glibc " + code.glibc()
                            + "; the cluster's release has " + glibc + ".",
                    "Build it on the cluster's Linux (amazonlinux:2 for 5.30 to 6.15, amazonlinux:2023 for 7.0 and"
                            + " later), or send the requirements and have them installed on the cluster."));
        }
        return List.copyOf(found);
    }

    private static Finding warning(String code, String what, String wayOut) {
        return Finding.warning(code, null, what, wayOut);
    }

    private static String digest(HeldBytes file) throws IOException {
        try (DigestInputStream bytes = new DigestInputStream(file.open(), MessageDigest.getInstance("SHA-256"))) {
            bytes.transferTo(OutputStream.nullOutputStream());
            return "sha256:" + HexFormat.of().formatHex(bytes.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static String shown(String name) {
        return name.length() <= 200 ? name : name.substring(0, 200) + "…";
    }

    /** One pass over it. */
    private static final class Look {

        /** The interpreters by their names: what each is a link to, empty for a file. */
        private final Map<String, String> links = new HashMap<>();

        private final Set<String> machines = new TreeSet<>();
        private @Nullable String python;
        private @Nullable String glibc;
        private @Nullable String escaping;
        private boolean ofMac;
        private boolean complete;
        private boolean whole;

        /** Stops where there is more than the limits allow, if an interpreter was seen by then. */
        void at(HeldBytes file, ArchiveLimits limits) {
            ReadBudget budget = new ReadBudget(limits, InspectionMemory.alone());
            long unpacked = 0;
            try (UnpackedTar gunzipped = new UnpackedTar(file, Compression.GZIP, budget);
                    TarArchiveInputStream tar = new TarArchiveInputStream(gunzipped)) {
                for (TarArchiveEntry entry = gunzipped.next(tar);
                        entry != null && unpacked <= MOST_LOOKED_AT;
                        entry = gunzipped.next(tar)) {
                    budget.entry();
                    unpacked += Math.max(0, entry.getSize());
                    at(entry, tar);
                }
                whole = unpacked <= MOST_LOOKED_AT;
            } catch (InvalidProject tooLarge) {
                if (tooLarge.problem() != Problem.ARCHIVE_TOO_LARGE) {
                    throw notATar();
                }
                if (!links.containsKey("bin/python")) {
                    throw tooLarge;
                }
            } catch (IOException | RuntimeException unreadable) {
                throw notATar();
            }
        }

        private void at(TarArchiveEntry entry, InputStream content) throws IOException {
            String name = entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
            if (escaping == null && EnvironmentListing.leadsOut("", name)) {
                escaping = name;
            }
            Matcher library = LIBRARY.matcher(name);
            if (python == null && library.matches()) {
                python = library.group(1);
            }
            complete |= name.endsWith("/os.py") && OWN_LIBRARY.matcher(name).matches();
            if (entry.isDirectory()) {
                return;
            }
            boolean interpreter = PYTHON.matcher(name).matches();
            if (interpreter && links.size() < MOST_LINKS) {
                links.put(name, link(entry));
            }
            if (entry.isFile() && !entry.isSymbolicLink() && !entry.isLink()) {
                NativeCode.Seen seen = NativeCode.look(content);
                ofMac |= interpreter && NativeCode.MACOS.equals(seen.machine());
                if (seen.machine() != null && (interpreter || seen.isElf() || name.endsWith(".so"))) {
                    machines.add(seen.machine());
                }
                if (seen.glibc() != null && NativeCode.isNewer(seen.glibc(), glibc)) {
                    glibc = seen.glibc();
                }
            }
        }

        /** Follows {@code bin/python} by its links; {@code null} when it ends at a file in it, or nobody knows where. */
        @Nullable
        String interpreter() {
            String name = "bin/python";
            for (int hops = 0; hops <= MOST_LINKS; hops++) {
                String target = links.get(name);
                if (target == null) {
                    if (whole && PYTHON.matcher(name).matches()) {
                        throw invalid("has a bin/python that is a link to " + shown(name)
                                + ", which is not in it: pack the whole environment, with venv-pack or conda-pack");
                    }
                    return name.equals("..") || name.startsWith("../") ? name : null;
                }
                if (target.isEmpty()) {
                    return null;
                }
                if (target.startsWith("/")) {
                    return target;
                }
                if (target.indexOf('\0') >= 0) {
                    throw invalid("has a bin/python that is a link to no path: pack the environment anew");
                }
                name = Path.of("bin").resolve(target).normalize().toString();
            }
            throw invalid("has a bin/python that is a link in a circle: pack the environment anew");
        }

        /** A hard link is another name of a file that is in it. */
        private static String link(TarArchiveEntry entry) {
            return entry.isSymbolicLink() ? entry.getLinkName() : "";
        }
    }

    private static InvalidProject notATar() {
        return invalid("is not a readable .tar.gz, or is damaged");
    }

    private static InvalidProject invalid(String what) {
        return new InvalidProject(
                Problem.INVALID_SPEC,
                "The part pythonEnvironment " + what + ".",
                List.of(new Detail("pythonEnvironment", what)));
    }
}
