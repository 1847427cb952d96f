// blo restore: an office's home from a backup, such that it never signs a second history.
#include <fcntl.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "backup/error.h"
#include "backup/parts.h"
#include "backup/stream.h"
#include "base/file.h"
#include "base/file_system.h"
#include "base/guarded_file.h"
#include "commands.h"
#include "keys.h"
#include "layout.h"
#include "new_file.h"
#include "report.h"
#include "store/snapshot.h"

namespace blo::cli {
namespace {

constexpr std::chrono::days kUsualLife{90};

Failure file_failed(const Path& path) {
  return {ExitCode::kFailed, "file-failed",
          path.string() + " could not be read or written (" + std::strerror(errno) + ").",
          "Check the space and the permissions."};
}

Failure backup_failure(const Error& error, const Path& path) {
  const bool of_the_backup =
      error.code().category() == make_error_code(backup::BackupError::kDamaged).category();
  if (!of_the_backup) return failure_from(error, path.string());
  const bool key = error == backup::BackupError::kWrongKey;
  return {key ? ExitCode::kNotAuthorised : ExitCode::kVerificationFailed,
          key ? "wrong-backup-key" : "backup-damaged", path.string() + ": " + error.message() + ".",
          key ? "Use the key whose public half it was written to."
              : "Nothing was put back. Use another copy of it, or an older backup."};
}

/// The new home, in which no daemon runs and no store lies; held until it is finished.
class NewHome {
 public:
  static Outcome<NewHome> open(const Path& home);
  /// Where the store is written before it is one.
  [[nodiscard]] Path store_part() const { return store::restored_part(at_.folder); }
  [[nodiscard]] const HomeLayout& at() const { return at_; }

 private:
  NewHome(HomeLayout at, Descriptor lock) : at_(std::move(at)), lock_(std::move(lock)) {}
  HomeLayout at_;
  Descriptor lock_;
};

/// Root that restores a service's home goes on as the home's owner: what it writes is that user's,
/// and nothing that user may have put there leads root elsewhere. `lock` may be root's, new or left
/// by an earlier restore.
Outcome<void> become_owner(const Path& home, const Descriptor& lock) {
  struct stat owner {};
  struct stat locked {};
  if (::geteuid() != 0) return {};
  if (::stat(home.c_str(), &owner) != 0 || ::fstat(lock.get(), &locked) != 0)
    return file_failed(home);
  if (owner.st_uid == 0) return {};
  // Another name of it could be a file that is not this user's to have.
  if (S_ISREG(locked.st_mode) && locked.st_nlink == 1 &&
      ::fchown(lock.get(), owner.st_uid, owner.st_gid) != 0)
    return file_failed(home);
  if (::setgroups(1, &owner.st_gid) != 0 ||
      ::setresgid(owner.st_gid, owner.st_gid, owner.st_gid) != 0 ||
      ::setresuid(owner.st_uid, owner.st_uid, owner.st_uid) != 0)
    return file_failed(home);
  return {};
}

Outcome<NewHome> NewHome::open(const Path& home) {
  if (const auto ok = check_place_for_keys(home); !ok) return ok.error();
  if (const auto made = make_folder(home); !made) return made.error();
  const Path lock_path = home / "blod.lock";
  Descriptor lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock.ok()) return file_failed(lock_path);
  if (const auto become = become_owner(home, lock); !become) return become.error();
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return Failure{ExitCode::kRefused, "home-in-use", "A blod runs on " + home.string() + ".",
                   "Restore into a new folder, or stop it first: systemctl stop blod."};
  }
  for (const char* name : {"store.db", "store.db-wal", "store.db-journal"}) {
    std::error_code error;
    if (!std::filesystem::exists(std::filesystem::symlink_status(home / name, error))) continue;
    return Failure{ExitCode::kRefused, "store-exists",
                   (home / name).string() + " exists, and a store is never replaced.",
                   "Restore into a new folder; or move the old home away whole, and keep it."};
  }
  return NewHome(HomeLayout(home), std::move(lock));
}

/// What came out of the backup besides the store.
using SmallFiles = std::map<std::string, Bytes, std::less<>>;

/// Opens the whole file; the store's bytes go to `store`.
Outcome<SmallFiles> unpack(const Path& path, const Descriptor& file, std::size_t header_bytes,
                           backup::Opener opener, const Descriptor& store, const Path& store_path) {
  SmallFiles small;
  std::optional<Failure> failed;
  backup::PartReader reader({[&](std::string_view name, ByteView whole) -> Result<void> {
                               small.emplace(std::string(name), to_bytes(whole));
                               return {};
                             },
                             [&](ByteView piece) -> Result<void> {
                               if (write_all(store.get(), piece)) return {};
                               failed = file_failed(store_path);
                               return Error(FileError::kFailed);
                             }});
  if (::lseek(file.get(), static_cast<off_t>(header_bytes), SEEK_SET) < 0) return file_failed(path);
  Bytes buffer(2 * backup::kSealedChunkBytes);
  std::size_t held = 0;
  for (bool at_end = false; !at_end;) {
    // One byte more than a chunk tells whether it is the last.
    while (held <= backup::kSealedChunkBytes && !at_end) {
      const ssize_t got = ::read(file.get(), buffer.data() + held, buffer.size() - held);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return file_failed(path);
      at_end = got == 0;
      held += static_cast<std::size_t>(got);
    }
    at_end = at_end && held <= backup::kSealedChunkBytes;
    const std::size_t size = std::min(held, backup::kSealedChunkBytes);
    const auto chunk = opener.open(ByteView(buffer).first(size), at_end);
    if (!chunk) return backup_failure(chunk.error(), path);
    const auto fed = reader.feed(*chunk);
    if (failed) return *failed;
    if (!fed) return backup_failure(fed.error(), path);
    std::copy(buffer.begin() + static_cast<std::ptrdiff_t>(size),
              buffer.begin() + static_cast<std::ptrdiff_t>(held), buffer.begin());
    held -= size;
  }
  if (const auto whole = reader.finish(); !whole) return backup_failure(whole.error(), path);
  return small;
}

/// The certificate in the backup, and the one in the home where there is one, are the header's
/// office's.
Outcome<void> check_office(const backup::Header& header, const SmallFiles& small,
                           const NewHome& home) {
  const auto same = [&](const identity::Certificate& certificate) {
    return certificate.details().kind == identity::CertificateKind::kOffice &&
           certificate.details().subject == header.recipient.office.text() &&
           certificate.details().network == header.recipient.network;
  };
  const auto found = small.find("office.pem");
  const auto inside = found == small.end()
                          ? Result<identity::Certificate>(Error(backup::BackupError::kMalformed))
                          : identity::Certificate::parse_pem(as_text(found->second));
  if (!inside || !same(*inside)) {
    return Failure{ExitCode::kVerificationFailed, "backup-damaged",
                   "The backup holds no certificate of the office it names.",
                   "Nothing was put back. Use another backup."};
  }
  std::error_code error;
  if (!std::filesystem::exists(home.at().certificate, error)) return {};
  const auto there = load_certificate(home.at().certificate);
  if (!there) return there.error();
  if (same(*there)) return {};
  return Failure{ExitCode::kRefused, "other-office",
                 "The backup is of " + header.recipient.office.text() + ", and " +
                     home.at().folder.string() + " is the home of " + there->details().subject +
                     ".",
                 "Nothing was put back. Restore into a new folder."};
}

/// What lies in the home already stays as it is.
Outcome<std::vector<std::string>> put_small_files(const SmallFiles& small, const NewHome& home) {
  std::vector<std::string> written;
  for (const auto& [name, bytes] : small) {
    const Path path = home.at().folder / name;
    const auto done = name == "office.key" ? write_guarded_file(path, bytes)
                                           : write_file(path, bytes, 0644, Overwrite::kNo);
    if (!done && done.error() == FileError::kExists) continue;
    if (!done) return failure_from(done.error());
    written.push_back(name);
  }
  return written;
}

Outcome<void> place_store(const NewHome& home) {
  const Path path = home.at().folder / "store.db";
  const Descriptor store(::open(home.store_part().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!store.ok() || ::fsync(store.get()) != 0 ||
      !file_system::rename_new(home.store_part(), path)) {
    return file_failed(path);
  }
  if (!file_system::sync_folder(home.at().folder)) return file_failed(home.at().folder);
  return {};
}

struct Opened {
  Descriptor file;
  backup::Header header;
};

Outcome<Opened> open_backup(const Path& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok() && errno == ENOENT)
    return failure_from(Error(FileError::kNotFound, path.string()));
  if (!file.ok()) return file_failed(path);
  Bytes beginning(backup::kHeaderBytesMax);
  const ssize_t got = ::pread(file.get(), beginning.data(), beginning.size(), 0);
  if (got < 0) return file_failed(path);
  const auto header =
      backup::Header::parse(ByteView(beginning).first(static_cast<std::size_t>(got)));
  if (!header) return backup_failure(header.error(), path);
  return Opened{std::move(file), *header};
}

Outcome<crypto::DhKeyPair> load_backup_key(const Globals& globals, const Path& path,
                                           const backup::Header& header) {
  const auto keys = load_keys(globals, path, "the backup key");
  if (!keys) return keys.error();
  auto pair = keys->backup_key();
  if (!pair)
    return usage(path.string() + " is not a backup key.", "blo backup create-key makes one.");
  if (keys->subject == header.recipient.office.text() && keys->network == header.recipient.network)
    return std::move(*pair);
  return Failure{ExitCode::kRefused, "other-office",
                 "The backup is of " + header.recipient.office.text() + " (" +
                     std::string(to_string(header.recipient.network)) + "), and the key of " +
                     keys->subject + " (" + std::string(to_string(keys->network)) + ").",
                 "Nothing was put back. Take that office's key."};
}

void report(const Globals& globals, const backup::Header& header, const NewHome& home,
            const std::vector<std::string>& written, std::uint64_t frozen, bool old) {
  const std::string time = to_rfc3339(header.time);
  std::error_code error;
  const bool has_key = std::filesystem::exists(home.at().key, error);
  if (globals.json) {
    print(Json::object({{"office", header.recipient.office.text()},
                        {"network", to_string(header.recipient.network)},
                        {"time", time},
                        {"old", old},
                        {"home", home.at().folder.string()},
                        {"written", Json::strings(written)},
                        {"pairings", frozen},
                        {"officeKey", has_key}}));
    return;
  }
  say("The store of " + header.recipient.office.text() + " as of " + time + " is in " +
      home.at().folder.string() + ".");
  if (old) {
    say("It is older than " + std::to_string(kUsualLife.count()) +
        " days: what was erased since comes back as erased only through the counterparts. Use a "
        "newer backup if there is one.");
  }
  if (!has_key) {
    say("office.key is missing: put the copy that is kept apart into " + home.at().folder.string() +
        " (mode 0600). Without it nothing can be read.");
  }
  say("Make sure that no other copy of this office runs, then start blod. " +
      std::to_string(frozen) +
      " pairings are frozen until their counterparts have given back what is newer; then an "
      "administrator lets each go on: blo office recover COUNTERPART");
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const Restore& args) {
  auto opened = open_backup(args.file);
  if (!opened) return opened.error();
  const auto& header = opened->header;
  const auto key = load_backup_key(globals, args.key, header);
  if (!key) return key.error();
  auto opener = backup::Opener::begin(header, *key);
  if (!opener) return backup_failure(opener.error(), args.file);
  const auto home = NewHome::open(globals.home);
  if (!home) return home.error();
  // Under its own name only when it is whole, marked, and on the disk.
  struct Part {
    Path path;
    ~Part() { store::remove_database(path); }
  } const part{home->store_part()};
  store::remove_database(part.path);
  Outcome<SmallFiles> small = SmallFiles();
  {
    const Descriptor store(
        ::open(part.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!store.ok()) return file_failed(part.path);
    small =
        unpack(args.file, opened->file, header.text().size(), std::move(*opener), store, part.path);
    if (!small) return small.error();
  }
  if (const auto same = check_office(header, *small, *home); !same) return same.error();
  const WallTime now = read_clocks().wall;
  const auto frozen = store::mark_put_back(part.path, {header.time, now});
  if (!frozen) return failure_from(frozen.error(), "the store in the backup");
  const auto written = put_small_files(*small, *home);
  if (!written) return written.error();
  if (const auto placed = place_store(*home); !placed) return placed.error();
  report(globals, header, *home, *written, *frozen, now - header.time > kUsualLife);
  return ExitCode::kOk;
}

}  // namespace blo::cli
