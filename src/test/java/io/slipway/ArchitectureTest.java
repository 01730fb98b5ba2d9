package io.slipway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The house: which room may enter which. The table is the whole truth; a room that is not in it, or is not there, fails. */
class ArchitectureTest {

    private static final String BASE = "io.slipway";

    /** Room → the rooms that it may import. */
    static final Map<String, Set<String>> ROOMS = Map.ofEntries(
            entry("vitals", Set.of()),
            entry("database", Set.of("artifacts")),
            entry("project", Set.of()),
            entry("artifacts", Set.of("project")),
            entry("jobs", Set.of("project", "vitals")),
            entry("compute", Set.of("jobs", "project", "artifacts", "vitals")),
            entry("environments", Set.of("project", "artifacts", "compute")),
            entry("logs", Set.of("jobs", "project", "artifacts", "compute", "vitals")),
            entry("sources", Set.of()),
            entry("submission", Set.of("jobs", "project", "artifacts", "compute", "environments", "sources")),
            entry("provision", Set.of("jobs", "compute", "artifacts")),
            entry(
                    "reconcile",
                    Set.of("jobs", "project", "compute", "environments", "provision", "artifacts", "logs", "vitals")),
            entry("control", Set.of("jobs", "environments", "provision", "access")),
            entry("livy", Set.of("submission", "control", "jobs", "project", "sources", "logs", "compute", "access")),
            entry(
                    "api",
                    Set.of(
                            "submission",
                            "sources",
                            "control",
                            "jobs",
                            "project",
                            "environments",
                            "logs",
                            "compute",
                            "provision",
                            "database",
                            "access")),
            entry(
                    "web",
                    Set.of(
                            "submission",
                            "control",
                            "jobs",
                            "project",
                            "environments",
                            "logs",
                            "compute",
                            "provision",
                            "access")),
            entry("access", Set.of()));

    /** Sub-room → the other packages of its own room that it may import. */
    private static final Map<String, Set<String>> SUB_ROOMS = Map.ofEntries(
            entry("project.archive", Set.of("project")),
            entry("project.spec", Set.of("project", "project.archive")),
            entry("project.requirements", Set.of("project", "project.archive")),
            entry("project.analysis", Set.of("project", "project.archive")),
            entry("compute.emr.client", Set.of("compute")),
            entry("compute.emr.launch", Set.of("compute", "compute.emr.client")),
            entry("compute.emr.logs", Set.of("compute", "compute.emr.client")),
            entry("compute.emr.live", Set.of("compute", "compute.emr.launch")),
            entry(
                    "compute.emr.steps",
                    Set.of("compute", "compute.emr.client", "compute.emr.launch", "compute.emr.logs")),
            entry("compute.emr.links", Set.of("compute", "compute.emr.client", "compute.emr.logs")),
            entry("compute.emr.events", Set.of("compute", "compute.emr.client", "compute.emr.launch")));

    /** The packages that belong to one adapter each: nobody else enters them, and only some may speak to AWS. */
    private static final Set<String> ADAPTERS = Set.of(
            "artifacts.local",
            "artifacts.s3",
            "compute.local",
            "compute.emr",
            "environments.local",
            "environments.emr",
            "provision.emr",
            "sources.git",
            "sources.s3");

    private static final Set<String> SPEAK_TO_AWS =
            Set.of("artifacts.s3", "compute.emr", "environments.emr", "provision.emr", "sources.s3");

    /** All that calls EMR goes by its one client, which has the account's budget. */
    private static final Map<String, Set<String>> LENT =
            Map.of("compute.emr.client", Set.of("environments.emr", "provision.emr"));

    /** Where the ports are: interfaces that adapters implement. */
    private static final Set<String> PORT_ROOMS = Set.of(
            BASE + ".compute", BASE + ".artifacts", BASE + ".provision", BASE + ".environments", BASE + ".sources");

    /** Ports that are wider than they should be. A name that is here for nothing fails. */
    private static final Map<String, Integer> WIDER = Map.of("ArtifactStore", 7, "RunStream", 7, "Cluster", 7);

    /** A word of a name: {@code emrCluster}, {@code YarnApplication}, {@code ON_EMR}. */
    private static final Pattern VENDOR =
            Pattern.compile(".*(?<![A-Za-z])(?:emr|yarn)(?![a-z]).*|.*(?:Emr|Yarn)(?![a-z]).*"
                    + "|.*(?<![A-Z])(?:EMR|YARN)(?![A-Z]).*");

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(BASE);

    /** Each package for itself, the one of the application as well. */
    private static final SliceAssignment PACKAGES = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return type.getPackageName().startsWith(BASE)
                    ? SliceIdentifier.of(type.getPackageName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    };

    @TestFactory
    Stream<DynamicTest> aRoomImportsOnlyWhatTheTableAllows() {
        return ROOMS.entrySet().stream()
                .map(room -> DynamicTest.dynamicTest(
                        room.getKey(),
                        () -> noClasses()
                                .that()
                                .resideInAPackage(BASE + "." + room.getKey() + "..")
                                .should()
                                .dependOnClassesThat(DescribedPredicate.describe(
                                        "live in another room", type -> livesOutside(type, room)))
                                .check(HOUSE)));
    }

    @Test
    void everyRoomOfTheTableExistsAndEveryRoomIsInTheTable() {
        Set<String> found = HOUSE.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(BASE + "."))
                .map(name -> name.substring(BASE.length() + 1).split("\\.")[0])
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(found).isEqualTo(new TreeSet<>(ROOMS.keySet()));
        ADAPTERS.forEach(adapter -> assertThat(HOUSE.stream())
                .as("classes in " + adapter)
                .anyMatch(type -> type.getPackageName().equals(BASE + "." + adapter)));
        assertThat(ADAPTERS).containsAll(SPEAK_TO_AWS);
    }

    @TestFactory
    Stream<DynamicTest> aSubRoomImportsOnlyWhatItsTableAllows() {
        return SUB_ROOMS.entrySet().stream()
                .map(room -> DynamicTest.dynamicTest(
                        room.getKey(),
                        () -> noClasses()
                                .that()
                                .resideInAPackage(BASE + "." + room.getKey())
                                .should()
                                .dependOnClassesThat(DescribedPredicate.describe(
                                        "live in another package of the room", type -> livesBeside(type, room)))
                                .check(HOUSE)));
    }

    @TestFactory
    Stream<DynamicTest> anAdapterIsEnteredByNobody() {
        return ADAPTERS.stream()
                .map(adapter -> DynamicTest.dynamicTest(
                        adapter,
                        () -> classes()
                                .that()
                                .resideInAPackage(BASE + "." + adapter + "..")
                                .and()
                                .resideOutsideOfPackages(lent())
                                .should()
                                .onlyHaveDependentClassesThat()
                                .resideInAPackage(BASE + "." + adapter + "..")
                                .check(HOUSE)));
    }

    @TestFactory
    Stream<DynamicTest> whatAnAdapterLendsIsEnteredByThoseOthersAlone() {
        return LENT.entrySet().stream()
                .map(lent -> DynamicTest.dynamicTest(
                        lent.getKey(),
                        () -> classes()
                                .that()
                                .resideInAPackage(BASE + "." + lent.getKey())
                                .should()
                                .onlyHaveDependentClassesThat()
                                .resideInAnyPackage(Stream.concat(Stream.of("compute.emr.."), lent.getValue().stream())
                                        .map(room -> BASE + "." + room)
                                        .toArray(String[]::new))
                                .check(HOUSE)));
    }

    private static String[] lent() {
        return LENT.keySet().stream().map(room -> BASE + "." + room).toArray(String[]::new);
    }

    @Test
    void onlyTheAdaptersSpeakToAws() {
        String[] allowed = SPEAK_TO_AWS.stream()
                .map(adapter -> BASE + "." + adapter + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon.awssdk..")
                .check(HOUSE);
    }

    @Test
    void projectKnowsNeitherSpringNorTheNetwork() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".project..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "java.net..",
                        "jakarta.persistence..",
                        "jakarta.servlet..",
                        "jakarta.annotation..")
                .check(HOUSE);
    }

    @Test
    void roomsFormNoCycles() {
        slices().matching(BASE + ".(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void packagesFormNoCycles() {
        slices().assignedFrom(PACKAGES).should().beFreeOfCycles().check(HOUSE);
    }

    /** A test that asks for two rooms at once lives in the one that may know both, or in {@code service}, which sees the whole. */
    @Test
    void packagesFormNoCyclesWithTheirTests() {
        slices().assignedFrom(PACKAGES).should().beFreeOfCycles().check(new ClassFileImporter().importPackages(BASE));
    }

    @Test
    void theBasePackageHoldsTheApplicationAlone() {
        assertThat(HOUSE.stream().filter(type -> type.getPackageName().equals(BASE)))
                .extracting(JavaClass::getSimpleName)
                .containsOnly("SlipwayApplication", "StartRefusal", "MissingSettings", "package-info");
    }

    @Test
    void nothingCallsBareNow() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE)
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.LocalDateTime.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(HOUSE);
    }

    /** Two doors that each decide who calls, or how a job is cancelled, will one day decide differently. */
    @Test
    void whoCallsAndWhatCancellingMeansIsDecidedOnceForAllDoors() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE + ".access")
                .should()
                .callMethod("jakarta.servlet.http.HttpServletRequest", "getUserPrincipal")
                .check(HOUSE);
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE + ".control")
                .should()
                .callMethod("io.slipway.jobs.Job", "cancelRequested", "java.lang.String", "java.time.Instant")
                .check(HOUSE);
    }

    /** The interfaces at the root of a room that has adapters: whoever wants a seventh method has found a second caller. */
    @TestFactory
    Stream<DynamicTest> aPortHasAtMostSixMethods() {
        List<JavaClass> ports = HOUSE.stream()
                .filter(JavaClass::isInterface)
                .filter(type -> PORT_ROOMS.contains(type.getPackageName()))
                .filter(type -> !type.isAnnotation())
                // A repository is no port: Spring Data implements it.
                .filter(type -> !type.isAssignableTo("org.springframework.data.repository.Repository"))
                .toList();
        assertThat(ports)
                .extracting(JavaClass::getSimpleName)
                .contains(
                        "ClusterProvider",
                        "Cluster",
                        "ComputeProvider",
                        "RunExecutor",
                        "RunOutput",
                        "LaunchPreview",
                        "LeftoverCleanup")
                .containsAll(WIDER.keySet());
        return ports.stream()
                .map(port -> DynamicTest.dynamicTest(port.getSimpleName(), () -> {
                    long methods = port.getMethods().stream()
                            .filter(method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC))
                            .filter(method -> !method.getModifiers().contains(JavaModifier.STATIC))
                            .count();
                    Integer wider = WIDER.get(port.getSimpleName());
                    assertThat(methods).isBetween(wider == null ? 0L : wider, wider == null ? 6L : wider);
                }));
    }

    /** A kind is shown to people; how a cluster behaves is asked of its traits. */
    @Test
    void nobodyOutsideOfComputeTestsForTheKindOfACluster() {
        JavaClass kind = HOUSE.get("io.slipway.compute.ClusterKind");
        assertThat(HOUSE.stream()
                        .filter(type -> !type.getPackageName().startsWith(BASE + ".compute"))
                        .flatMap(type -> type.getAccessesFromSelf().stream())
                        .filter(access -> access.getTargetOwner().equals(kind)))
                .isEmpty();
    }

    @Test
    void namesOutsideOfComputeNameNoVendor() {
        assertThat(HOUSE.stream()
                        .filter(type -> !type.getPackageName().startsWith(BASE + ".compute"))
                        .filter(type -> !Set.of(BASE + ".provision.emr", BASE + ".environments.emr")
                                .contains(type.getPackageName()))
                        .flatMap(ArchitectureTest::names)
                        .filter(name -> VENDOR.matcher(name).matches()))
                .as("a YARN application is what it is called everywhere")
                .containsExactly("YarnApplicationDiscovery");
    }

    private static Stream<String> names(JavaClass type) {
        return Stream.concat(
                Stream.of(type.getSimpleName()),
                type.getMembers().stream().map(JavaMember::getName).filter(name -> !name.contains("$")));
    }

    private static boolean livesBeside(JavaClass type, Map.Entry<String, Set<String>> room) {
        String name = type.getPackageName();
        String own = room.getKey().split("\\.")[0];
        if (!name.equals(BASE + "." + own) && !name.startsWith(BASE + "." + own + ".")) {
            return false;
        }
        String other = name.substring(BASE.length() + 1);
        return !other.equals(room.getKey()) && !room.getValue().contains(other);
    }

    private static boolean livesOutside(JavaClass type, Map.Entry<String, Set<String>> room) {
        String name = type.getPackageName();
        if (!name.startsWith(BASE + ".")) {
            return false;
        }
        String other = name.substring(BASE.length() + 1);
        return Stream.concat(Stream.of(room.getKey()), room.getValue().stream())
                .noneMatch(allowed -> Arrays.asList(other.split("\\.")).get(0).equals(allowed));
    }
}
