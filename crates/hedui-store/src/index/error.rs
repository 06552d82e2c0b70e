//! What can go wrong with an index.

use std::path::PathBuf;

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenReadError};

use crate::query::QueryError;

/// The index cannot be opened, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// It is damaged, or was written by another version: set it aside and rebuild it from the archive.
    #[error("the index has to be rebuilt: {reason}")]
    Rebuild {
        /// What was found, for a person.
        reason: String,
    },
    /// Another process writes it.
    #[error("the index is held by another process")]
    Held,
    /// Its folder cannot be used.
    #[error("cannot use the index folder `{}`", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The engine refused: the disk is full, for instance.
    #[error("the index cannot be used")]
    Engine(#[source] TantivyError),
}

impl IndexError {
    /// Makes the error that asks for a rebuild.
    pub(super) fn rebuild(reason: impl Into<String>) -> Self {
        IndexError::Rebuild {
            reason: reason.into(),
        }
    }
}

impl From<TantivyError> for IndexError {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => IndexError::Held,
            TantivyError::DataCorruption(_)
            | TantivyError::OpenReadError(
                OpenReadError::FileDoesNotExist(_) | OpenReadError::IncompatibleIndex(_),
            )
            | TantivyError::SchemaError(_)
            | TantivyError::IncompatibleIndex(_)
            | TantivyError::FieldNotFound(_)
            | TantivyError::InternalError(_)
            | TantivyError::DeserializeError(_) => IndexError::rebuild(error.to_string()),
            other => IndexError::Engine(other),
        }
    }
}

/// A search cannot be answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// The query is wrong.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The index cannot be read.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> Self {
        SearchError::Index(error.into())
    }
}
