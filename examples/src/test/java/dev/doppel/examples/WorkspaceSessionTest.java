package dev.doppel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.Doppel;
import dev.doppel.MovableClock;
import dev.doppel.junit5.BaseUrl;
import dev.doppel.junit5.DoppelExtension;
import dev.doppel.workspace.WorkspaceOperation;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DoppelExtension.class)
class WorkspaceSessionTest {

  private WorkspaceSession session;

  @BeforeEach
  void seed(Doppel doppel, @BaseUrl URI base) {
    doppel.seed().user("ann@example.com").email("ann@example.com").password("P@ssw0rd1").put();
    session = new WorkspaceSession(base);
  }

  @Test
  void email_isThatOfSignedInUser() throws Exception {
    session.signIn("ann@example.com", "P@ssw0rd1");
    assertThat(session.email()).isEqualTo("ann@example.com");
  }

  @Test
  void signIn_reportsVendorsMessage() {
    assertThatThrownBy(() -> session.signIn("ann@example.com", "wrong"))
        .hasMessage("Invalid Credentials");
  }

  @Test
  void email_renewsExpiredSession(Doppel doppel, MovableClock clock) throws Exception {
    session.signIn("ann@example.com", "P@ssw0rd1");
    clock.advance(Duration.ofHours(2));
    assertThat(session.email()).isEqualTo("ann@example.com");
    doppel.calls(WorkspaceOperation.POST_AUTH_REFRESH).once();
  }
}
