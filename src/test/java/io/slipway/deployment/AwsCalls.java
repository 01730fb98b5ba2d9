package io.slipway.deployment;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The calls to AWS in compiled classes, and the IAM action that each of them needs. */
final class AwsCalls {

    private static final String SERVICES = "software.amazon.awssdk.services.";

    /** Method of a client → the actions it needs, by the service authorization reference. A call that is not here has to be looked up there and added. */
    private static final Map<String, Set<String>> ACTIONS = Map.ofEntries(
            Map.entry("EmrClient.addJobFlowSteps", Set.of("elasticmapreduce:AddJobFlowSteps")),
            Map.entry("EmrClient.cancelSteps", Set.of("elasticmapreduce:CancelSteps")),
            Map.entry("EmrClient.createPersistentAppUI", Set.of("elasticmapreduce:CreatePersistentAppUI")),
            Map.entry("EmrClient.describeCluster", Set.of("elasticmapreduce:DescribeCluster")),
            Map.entry("EmrClient.describePersistentAppUI", Set.of("elasticmapreduce:DescribePersistentAppUI")),
            Map.entry("EmrClient.describeStep", Set.of("elasticmapreduce:DescribeStep")),
            Map.entry(
                    "EmrClient.getOnClusterAppUIPresignedURL",
                    Set.of("elasticmapreduce:GetOnClusterAppUIPresignedURL")),
            Map.entry(
                    "EmrClient.getPersistentAppUIPresignedURL",
                    Set.of("elasticmapreduce:GetPersistentAppUIPresignedURL")),
            Map.entry("EmrClient.listInstanceFleets", Set.of("elasticmapreduce:ListInstanceFleets")),
            Map.entry("EmrClient.listInstanceGroups", Set.of("elasticmapreduce:ListInstanceGroups")),
            Map.entry("EmrClient.listClusters", Set.of("elasticmapreduce:ListClusters")),
            // With tags, with roles that are handed on, and with a policy that ends it when idle.
            Map.entry(
                    "EmrClient.runJobFlow",
                    Set.of(
                            "elasticmapreduce:RunJobFlow",
                            "elasticmapreduce:AddTags",
                            "elasticmapreduce:PutAutoTerminationPolicy",
                            "elasticmapreduce:PutManagedScalingPolicy",
                            "iam:PassRole")),
            Map.entry("EmrClient.terminateJobFlows", Set.of("elasticmapreduce:TerminateJobFlows")),
            Map.entry("EmrClient.listSteps", Set.of("elasticmapreduce:ListSteps")),
            Map.entry("S3Client.abortMultipartUpload", Set.of("s3:AbortMultipartUpload")),
            Map.entry("S3Client.completeMultipartUpload", Set.of("s3:PutObject")),
            Map.entry("S3Client.createMultipartUpload", Set.of("s3:PutObject")),
            Map.entry("S3Client.deleteObject", Set.of("s3:DeleteObject")),
            Map.entry("S3Client.deleteObjects", Set.of("s3:DeleteObject")),
            Map.entry("S3Client.getObject", Set.of("s3:GetObject")),
            // What is not there is answered 404 only to whom may list.
            Map.entry("S3Client.headObject", Set.of("s3:GetObject", "s3:ListBucket")),
            Map.entry("S3Client.listObjectsV2", Set.of("s3:ListBucket")),
            Map.entry("S3Client.listObjectsV2Paginator", Set.of("s3:ListBucket")),
            Map.entry("S3Client.putObject", Set.of("s3:PutObject")),
            Map.entry("S3Client.uploadPart", Set.of("s3:PutObject")),
            Map.entry("SqsClient.deleteMessageBatch", Set.of("sqs:DeleteMessage")),
            Map.entry("SqsClient.receiveMessage", Set.of("sqs:ReceiveMessage")));

    /** What clients can do without asking AWS. */
    private static final Set<String> LOCAL = Set.of("builder", "close", "serviceClientConfiguration");

    private AwsCalls() {}

    /** Every call of a client's method, also within lambdas and as a method reference, by the class that makes it. */
    static Map<String, Set<String>> in(JavaClasses classes, Predicate<JavaClass> which) {
        Map<String, Set<String>> callers = new TreeMap<>();
        classes.stream()
                .filter(which)
                .forEach(type -> accesses(type)
                        .filter(access -> isClient(access.getTargetOwner()))
                        .filter(access -> !LOCAL.contains(access.getName()))
                        .forEach(access -> callers.computeIfAbsent(
                                        access.getTargetOwner().getSimpleName() + "." + access.getName(),
                                        name -> new TreeSet<>())
                                .add(type.getSimpleName())));
        return callers;
    }

    private static Stream<JavaAccess<?>> accesses(JavaClass type) {
        return Stream.concat(type.getMethodCallsFromSelf().stream(), type.getMethodReferencesFromSelf().stream());
    }

    /** Clients, presigners, waiters, transfer managers: all of the SDK that is neither a value nor set-up. */
    private static boolean isClient(JavaClass type) {
        String name = type.getName();
        return (name.startsWith(SERVICES) || name.startsWith("software.amazon.awssdk.transfer."))
                && Stream.of(".model.", ".paginators.", ".endpoints.").noneMatch(name::contains)
                && Stream.of("Builder", "Configuration").noneMatch(name::endsWith);
    }

    static boolean isKnown(String call) {
        return ACTIONS.containsKey(call);
    }

    static Set<String> actions(Set<String> calls) {
        Set<String> actions = new TreeSet<>();
        calls.forEach(call -> actions.addAll(ACTIONS.getOrDefault(call, Set.of())));
        return actions;
    }
}
