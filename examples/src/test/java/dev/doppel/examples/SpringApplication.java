package dev.doppel.examples;

import com.influxdb.client.InfluxDBClient;
import com.influxdb.client.InfluxDBClientFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A Spring application that connects to InfluxDB when it starts. */
@Configuration
class SpringApplication {

  @Bean(destroyMethod = "close")
  InfluxDBClient client(
      @Value("${influx.url}") String url, @Value("${influx.token}") String token) {
    return InfluxDBClientFactory.create(url, token.toCharArray(), "doppel");
  }

  @Bean
  InfluxTeam team(InfluxDBClient client) {
    return new InfluxTeam(client);
  }
}
