/**
 * What may be wrong with a database before anything is asked of it. Each message says what to do; none names a secret.
 *
 * Not their job: what a transition answers. A transition that meets the unexpected rejects with a plain `Error`.
 */

/** The database file is damaged, or is no SQLite database at all. Nothing was written to it. */
export class CorruptDatabaseError extends Error {
  override name = 'CorruptDatabaseError'

  constructor(path: string, finding: string, options?: ErrorOptions) {
    super(
      `The database ${path} is damaged: ${finding}. Nothing was changed. Restore it from a backup, together with the root key that belongs to it.`,
      options,
    )
  }
}

/** A later version of Portico has written this database; migrations go forward only. Nothing was written to it. */
export class NewerDatabaseError extends Error {
  override name = 'NewerDatabaseError'

  constructor(found: number, known: number) {
    super(
      `The database has schema version ${found}, this Portico knows versions up to ${known}. Start a Portico at least as new as the one that wrote it, or restore a backup made before the upgrade.`,
    )
  }
}

/** Another `portico serve` holds the data folder. */
export class DataFolderInUseError extends Error {
  override name = 'DataFolderInUseError'

  constructor(folder: string, options?: ErrorOptions) {
    super(
      `Another server is using the data folder ${folder}. Stop it first, or give this one a folder of its own with --data.`,
      options,
    )
  }
}
