package dev.doppel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.PlannedFault;
import dev.doppel.junit5.DoppelExtension;
import dev.doppel.users.Failure.Reason;
import dev.doppel.vcloud.VcloudOperation;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class VcloudLeaversTest {

  @RegisterExtension static final DoppelExtension doppel = new DoppelExtension();

  private VcloudLeavers leavers;

  @BeforeEach
  void seed() throws Exception {
    doppel
        .seed()
        .user("boss")
        .password("P@ssw0rd1")
        .ownerOf("acme")
        .user("ann")
        .password("P@ssw0rd1")
        .memberOf("acme")
        .put();
    leavers = VcloudLeavers.signIn(doppel.uri(), "boss@acme", "P@ssw0rd1");
  }

  @Test
  void disable_preventsSignIn() throws Exception {
    leavers.disable("ann");
    assertThatThrownBy(() -> VcloudLeavers.signIn(doppel.uri(), "ann@acme", "P@ssw0rd1"))
        .isInstanceOf(IOException.class)
        .hasMessage("refused: 401");
    doppel.calls(VcloudOperation.UPDATE_USER).withUser("ann").once();
  }

  @Test
  void disable_rejectsUnknownName() {
    assertThatThrownBy(() -> leavers.disable("nobody")).hasMessage("no such user: nobody");
    doppel.calls(VcloudOperation.UPDATE_USER).never();
  }

  @Test
  void disable_reportsUnavailableVendor() {
    doppel
        .faults()
        .inject(PlannedFault.of(Reason.OVERLOADED).on(VcloudOperation.UPDATE_USER).times(1));
    assertThatThrownBy(() -> leavers.disable("ann")).isInstanceOf(IOException.class);
    assertThat(doppel.calls(VcloudOperation.UPDATE_USER).list().get(0).status()).isEqualTo(503);
  }
}
