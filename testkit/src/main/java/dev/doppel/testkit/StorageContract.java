package dev.doppel.testkit;

import dev.doppel.users.Storage;
import org.junit.jupiter.api.Nested;

/**
 * Specifies what every storage does, one nested class for each part of it. A subclass opens an
 * empty storage and runs all of them.
 */
public abstract class StorageContract extends StorageFixture {

  /** Returns whether {@link Storage#snapshot} is supported. */
  protected boolean supportsSnapshots() {
    return true;
  }

  @Nested
  class Users extends UserStoreContract {
    Users() {
      super(StorageContract.this);
    }
  }

  @Nested
  class SignInNames extends SignInNameContract {
    SignInNames() {
      super(StorageContract.this);
    }
  }

  @Nested
  class UserLists extends UserListContract {
    UserLists() {
      super(StorageContract.this);
    }
  }

  @Nested
  class UserSearches extends UserSearchContract {
    UserSearches() {
      super(StorageContract.this);
    }
  }

  @Nested
  class Tokens extends TokenStoreContract {
    Tokens() {
      super(StorageContract.this);
    }
  }

  @Nested
  class Roles extends RoleStoreContract {
    Roles() {
      super(StorageContract.this);
    }
  }

  @Nested
  class Organizations extends OrganizationStoreContract {
    Organizations() {
      super(StorageContract.this);
    }
  }

  @Nested
  class Memberships extends MembershipContract {
    Memberships() {
      super(StorageContract.this);
    }
  }

  @Nested
  class Authority extends AuthorityContract {
    Authority() {
      super(StorageContract.this);
    }
  }

  @Nested
  class Integrity extends IntegrityContract {
    Integrity() {
      super(StorageContract.this);
    }
  }

  @Nested
  class Snapshots extends SnapshotContract {
    Snapshots() {
      super(StorageContract.this);
    }
  }

  @Nested
  class Lifecycle extends LifecycleContract {
    Lifecycle() {
      super(StorageContract.this);
    }
  }
}
