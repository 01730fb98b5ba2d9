package io.slipway.project.analysis;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Python packages that a program finds beside its project, by the names that an index has for them.
 *
 * @param required {@code null} where nothing is installed for the job, or not all names are known
 * @param unknown whether something is installed for it whose name is not known
 * @param onCluster requirements that the nodes are prepared with
 */
public record InstalledPackages(@Nullable Required required, boolean unknown, List<String> onCluster) {

    /** Where nothing is known of any. */
    public static final InstalledPackages NONE = new InstalledPackages(null, false, List.of());

    /**
     * What a file of the project wants to have.
     *
     * @param complete whether nothing else is installed: a lock names all packages, and pip demands that of hashed ones
     */
    public record Required(String file, List<String> names, boolean complete) {
        public Required {
            names = List.copyOf(names);
        }
    }

    public InstalledPackages {
        onCluster = List.copyOf(onCluster);
    }

    /**
     * Of a job that has something installed for it.
     *
     * @param file that says so
     * @param names empty when not all of them are known
     */
    public static InstalledPackages required(String file, Optional<List<String>> names, boolean complete) {
        return new InstalledPackages(
                names.map(known -> new Required(file, known, complete)).orElse(null), names.isEmpty(), List.of());
    }

    /** Of a job that has nothing installed for it. */
    public static InstalledPackages onCluster(List<String> requirements) {
        return new InstalledPackages(null, false, requirements);
    }
}
