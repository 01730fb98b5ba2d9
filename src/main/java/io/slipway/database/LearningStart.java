package io.slipway.database;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.data.repository.Repository;
import org.springframework.stereotype.Component;

/**
 * A start that ends once it is complete ({@code -Dspring.context.exit=onRefresh}) is made for what Java learns of it ({@code
 * -XX:ArchiveClassesAtExit}). Repositories are made with their first use, which such a start does not have: it makes all of them.
 */
@Component
@ConditionalOnProperty(name = "spring.context.exit", havingValue = "onRefresh")
class LearningStart implements SmartInitializingSingleton {

    private final ListableBeanFactory beans;

    LearningStart(ListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public void afterSingletonsInstantiated() {
        beans.getBeansOfType(Repository.class);
    }
}
