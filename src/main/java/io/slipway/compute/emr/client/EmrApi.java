package io.slipway.compute.emr.client;

/** The operations of EMR that Slipway calls; each has a quota of its own. */
public enum EmrApi {
    ADD_JOB_FLOW_STEPS("AddJobFlowSteps"),
    CANCEL_STEPS("CancelSteps"),
    LIST_STEPS("ListSteps"),
    DESCRIBE_STEP("DescribeStep"),
    DESCRIBE_CLUSTER("DescribeCluster"),
    LIST_INSTANCE_GROUPS("ListInstanceGroups"),
    LIST_INSTANCE_FLEETS("ListInstanceFleets"),
    LIST_CLUSTERS("ListClusters"),
    RUN_JOB_FLOW("RunJobFlow"),
    TERMINATE_JOB_FLOWS("TerminateJobFlows"),
    CREATE_PERSISTENT_APP_UI("CreatePersistentAppUI"),
    DESCRIBE_PERSISTENT_APP_UI("DescribePersistentAppUI"),
    GET_PERSISTENT_APP_UI_PRESIGNED_URL("GetPersistentAppUIPresignedURL"),
    GET_ON_CLUSTER_APP_UI_PRESIGNED_URL("GetOnClusterAppUIPresignedURL");

    private final String operation;

    EmrApi(String operation) {
        this.operation = operation;
    }

    /** As EMR spells it. */
    String operation() {
        return operation;
    }

    EmrSettings.Limit limit(EmrSettings.Budget budget) {
        return switch (this) {
            case ADD_JOB_FLOW_STEPS -> budget.addJobFlowSteps();
            case CANCEL_STEPS -> budget.cancelSteps();
            case LIST_STEPS -> budget.listSteps();
            case DESCRIBE_STEP -> budget.describeStep();
            // Once for each cluster; their quotas are not documented.
            case DESCRIBE_CLUSTER, LIST_INSTANCE_GROUPS, LIST_INSTANCE_FLEETS -> budget.describeCluster();
            case LIST_CLUSTERS -> budget.listClusters();
            case RUN_JOB_FLOW -> budget.runJobFlow();
            case TERMINATE_JOB_FLOWS -> budget.terminateJobFlows();
            case CREATE_PERSISTENT_APP_UI,
                    DESCRIBE_PERSISTENT_APP_UI,
                    GET_PERSISTENT_APP_UI_PRESIGNED_URL,
                    GET_ON_CLUSTER_APP_UI_PRESIGNED_URL ->
                new EmrSettings.Limit(budget.appUi().burst(), budget.appUi().perSecond());
        };
    }
}
