//! The site as something that `ServeDir` reads, which then answers for encodings, ranges and conditions as it does for files of a disk.

use std::borrow::Cow;
use std::future::{Ready, ready};
use std::io::{self, Cursor, ErrorKind, SeekFrom};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use tower_http::services::fs::{Backend, File, Metadata};

use crate::pages::site::Site;

/// The site of this build. It has files only: whoever asks for a folder asks for nothing.
#[derive(Clone)]
pub(super) struct Embedded;

/// One of its files, being read.
pub(super) struct OpenFile {
    bytes: Cursor<Cow<'static, [u8]>>,
    facts: Facts,
}

/// What is known of a file without reading it.
#[derive(Clone, Copy)]
pub(super) struct Facts {
    bytes: u64,
    modified: Option<SystemTime>,
}

/// `ServeDir` asks below `.`, as for a folder of the working directory.
fn find(path: &Path) -> io::Result<OpenFile> {
    let name = path.strip_prefix(".").unwrap_or(path).to_str();
    let file = name.and_then(Site::get).ok_or(ErrorKind::NotFound)?;
    let modified = file.metadata.last_modified().map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    let facts = Facts { bytes: file.data.len() as u64, modified };
    Ok(OpenFile { bytes: Cursor::new(file.data), facts })
}

impl Backend for Embedded {
    type File = OpenFile;
    type Metadata = Facts;
    type OpenFuture = Ready<io::Result<OpenFile>>;
    type MetadataFuture = Ready<io::Result<Facts>>;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        ready(find(&path))
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        ready(find(&path).map(|file| file.facts))
    }
}

impl Metadata for Facts {
    fn is_dir(&self) -> bool {
        false
    }

    fn modified(&self) -> io::Result<SystemTime> {
        self.modified.ok_or_else(|| ErrorKind::Unsupported.into())
    }

    fn len(&self) -> u64 {
        self.bytes
    }
}

impl File for OpenFile {
    type Metadata = Facts;
    type MetadataFuture<'a> = Ready<io::Result<Facts>>;

    fn metadata(&self) -> Self::MetadataFuture<'_> {
        ready(Ok(self.facts))
    }
}

impl AsyncRead for OpenFile {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.bytes).poll_read(cx, buffer)
    }
}

impl AsyncSeek for OpenFile {
    fn start_seek(mut self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        Pin::new(&mut self.bytes).start_seek(position)
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Pin::new(&mut self.bytes).poll_complete(cx)
    }
}
