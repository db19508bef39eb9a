package com.example;

import java.util.List;
import java.util.TreeSet;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/** Prints its beans, its tables and its security providers, and ends. */
@SpringBootApplication
@EnableCaching
public class Application {

  public static void main(String[] args) {
    SpringApplication.run(Application.class, args).close();
  }

  @Bean
  CommandLineRunner report(ApplicationContext context, JdbcTemplate jdbc, CacheManager caches) {
    return args -> {
      for (var name : new TreeSet<>(List.of(context.getBeanDefinitionNames()))) {
        System.out.println("bean " + name + " " + context.getType(name));
      }
      jdbc.queryForList("select table_name from information_schema.tables", String.class).stream()
          .sorted()
          .forEach(table -> System.out.println("table " + table));
      System.out.println("cache manager " + caches.getClass().getName());
      for (var provider : java.security.Security.getProviders()) {
        System.out.println("provider " + provider.getName());
      }
      java.util.ServiceLoader.load(java.security.Provider.class).stream()
          .forEach(provider -> System.out.println("provided " + provider.type().getName()));
    };
  }
}
