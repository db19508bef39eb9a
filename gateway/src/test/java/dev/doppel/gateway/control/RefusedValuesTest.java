package dev.doppel.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.BadRequestException;
import dev.doppel.CallScope;
import dev.doppel.Doppel;
import dev.doppel.PlannedFault;
import dev.doppel.RealmOptions;
import dev.doppel.gateway.Http;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value of a closed set that isn't allowed is named in the error, with the nearest one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedValuesTest {

  private final Doppel doppel = Doppel.start();
  private final Http http = new Http(doppel.uri());

  @AfterAll
  void stop() {
    doppel.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST faults|{operation: PostUser, reason: internal}|'PostUser'|PostUsers",
        "POST faults|{dialect: influx, operation: PostUser, reason: internal}|'PostUser'|PostUsers",
        "POST faults|{dialect: influy, reason: internal}|'influy'|influx",
        "POST faults|{reason: unavailble}|'unavailble'|unavailable",
        "POST faults|{reason: unavailable_}|'unavailable_'|unavailable",
        "POST faults|{connection: droped}|'droped'|dropped",
        "POST faults|{body: garbge}|'garbge'|garbage",
        "POST faults|{reason: internal, when: befor}|'befor'|before",
        "POST faults|{resaon: internal}|resaon|reason",
        "POST clock|{advanse: PT1H}|advanse|advance",
        "POST realms|{dialects: [influx, milwus]}|'milwus'|milvus",
        "POST realms|{fidelity: influx=observd}|'influx=observd'|influx=observed",
        "POST realms|{emulate: influx=2.77}|'influx=2.77'|influx=2.7",
        "POST realms|{stores: seperate}|'seperate'|separate",
        "POST realms|{dialect: [influx]}|dialect|dialects",
        "POST realms|{seed: {users: [{name: a, status: activ}]}}|'activ'|active",
        "POST seed|{user: []}|user|users",
        "POST seed|{users: [{name: a, pasword: x}]}|pasword|password",
        "POST seed|{users: [{name: a, status: inactiv}]}|'inactiv'|inactive",
        "POST seed|{users: [{name: a, organizations: {o: membre}}]}|'membre'|member",
        "POST seed|{users: [{name: a, aliases: {influy: x}}]}|influy|influx",
        "POST seed|{organizations: [{name: a, aliases: {vclod: x}}]}|vclod|vcloud",
        "POST seed|{roles: [{name: a, extras: {milwus: {}}}]}|'milwus'|milvus",
        "POST seed|{roles: [{name: a, extras: {milvus: {grants: [{privilege: Serch}]}}}]}|'Serch'|Search",
        "POST seed|{users: [{name: a, tokens: [{token: t, permissions: [{action: wirte, resource: {type: orgs}}]}]}]}|'wirte'|write",
        "POST seed|{users: [{name: a, tokens: [{token: t, permissions: [{action: read, resource: {type: bucket}}]}]}]}|'bucket'|buckets",
        "POST reset?confrim=true||confrim|confirm",
        "GET users?dialect=vclod||'vclod'|vcloud",
        "GET users?limt=1||limt|limit",
        "GET backup?dialect=vclod||'vclod'|vcloud",
        "GET requests?dialect=vclod||'vclod'|vcloud",
        "GET requests?operation=PostUser||'PostUser'|PostUsers",
        "GET requests/count?statsu=404||statsu|status",
        "GET requests/stream?oparation=x||oparation|operation",
        "GET openapi/influy.yaml||'influy.yaml'|influx.yaml",
      })
  void refusal_namesValueAndNearest(String request, String body, String value, String nearest) {
    var parts = request.split(" ");
    var answer = http.control(parts[0], parts[1], body == null ? "" : json(body));
    assertThat(answer).startsWith("4").contains(value, "; did you mean '" + nearest + "'?");
  }

  /** Quotes the words of a body, which is written without quotation marks. */
  private static String json(String body) {
    var json = body.replaceAll("[^{}\\[\\], :]([^{}\\[\\],:]|:(?! ))*", "\"$0\"");
    return new JsonObject(json).encode();
  }

  @Test
  void api_refusesLikeTheControlPlane() {
    var operation =
        new CallScope(
            Optional.empty(), Optional.of("PostUser"), Optional.empty(), Optional.empty());
    var fault = PlannedFault.of(Reason.INTERNAL);
    assertThatThrownBy(() -> doppel.faults().inject(fault.on("influy")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContainingAll("'influy'", "; did you mean 'influx'?");
    assertThatThrownBy(() -> ControlFaults.checkScope(List.of(), operation))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("'PostUser'");
    assertThatThrownBy(() -> doppel.openRealm(RealmOptions.DEFAULT.withDialects(List.of("influy"))))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContainingAll("'influy'", "; did you mean 'influx'?");
  }
}
