package io.slipway.compute.emr.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceTypesTest {

    @ParameterizedTest
    @CsvSource({
        "m7g.xlarge, aarch64",
        "r6gd.16xlarge, aarch64",
        "im4gn.large, aarch64",
        "is4gen.medium, aarch64",
        "t4g.micro, aarch64",
        "g5g.xlarge, aarch64",
        "a1.large, aarch64",
        "m5.xlarge, x86_64",
        "g4dn.xlarge, x86_64",
        "g5.2xlarge, x86_64",
        "m6i.large, x86_64",
        "m7i-flex.large, x86_64",
        "c6a.metal-48xl, x86_64",
        "trn1n.32xlarge, x86_64"
    })
    void theNameOfATypeSaysItsArchitecture(String type, String architecture) {
        assertThat(InstanceTypes.architecture(type)).contains(architecture);
    }

    @ParameterizedTest
    @CsvSource({"m7g", "xlarge", "'; rm -rf /'"})
    void otherWordsSayNothing(String word) {
        assertThat(InstanceTypes.architecture(word)).isEmpty();
    }
}
