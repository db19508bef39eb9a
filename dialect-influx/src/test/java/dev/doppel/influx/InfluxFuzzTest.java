package dev.doppel.influx;

import dev.doppel.testkit.DialectContract;
import dev.doppel.testkit.FuzzContract;
import java.util.List;

class InfluxFuzzTest extends FuzzContract {

  @Override
  protected DialectContract contract() {
    return new InfluxDialectTest();
  }

  @Override
  protected List<String> names() {
    return List.of(
        "id",
        "name",
        "status",
        "oauthID",
        "password",
        "orgID",
        "org",
        "userID",
        "user",
        "description",
        "permissions",
        "action",
        "resource",
        "type",
        "username",
        "bucket",
        "token",
        "retentionRules",
        "everySeconds",
        "shardGroupDurationSeconds",
        "retentionPeriodSeconds",
        "retentionPeriodHrs",
        "rp",
        "properties",
        "labelID",
        "limit",
        "offset",
        "after",
        "descending",
        "sortBy");
  }

  @Override
  protected List<String> values() {
    return List.of(
        "1059cea664c01001",
        "1059cea664c01002",
        "1059cea664c01003",
        "1059CEA664C01004",
        "1059cea664c01005",
        "1059cea664c01006",
        "00000000000000ff",
        "ffffffffffffffff",
        "0000000000000000",
        "root",
        "alice",
        "bob",
        "doppel",
        "System",
        "active",
        "inactive",
        "read",
        "write",
        "users",
        "buckets",
        "instance",
        "long-enough",
        "true",
        "1",
        "100",
        "password",
        "_tasks");
  }
}
