package dev.doppel.testkit;

import dev.doppel.users.OrganizationStore;
import dev.doppel.users.RoleStore;
import dev.doppel.users.Storage;
import dev.doppel.users.TokenStore;
import dev.doppel.users.User;
import dev.doppel.users.UserQuery;
import dev.doppel.users.UserStore;
import java.util.List;

/** Tests of one part of a storage, which {@link StorageContract} runs on each storage. */
abstract class StorageTests {

  private final StorageContract contract;

  /**
   * @param contract opens the storage of each test
   */
  StorageTests(StorageContract contract) {
    this.contract = contract;
  }

  final Storage storage() {
    return contract.storage;
  }

  final UserStore users() {
    return storage().users();
  }

  final TokenStore tokens() {
    return storage().tokens();
  }

  final RoleStore roles() {
    return storage().roles();
  }

  final OrganizationStore organizations() {
    return storage().organizations();
  }

  final boolean supportsSnapshots() {
    return contract.supportsSnapshots();
  }

  final User insert(long id, String name) {
    return contract.insert(id, name);
  }

  final List<String> names(UserQuery query) {
    return contract.names(query);
  }

  /** Inserts the organizations and roles of the test users again, after the storage was cleared. */
  final void addReferences() {
    StorageFixture.addReferences(storage());
  }

  /** Opens another empty storage, after a test has closed the one it was given. */
  final void reopen() {
    contract.openStorage();
  }
}
