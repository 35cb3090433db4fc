//! Backups, restoring, and moving to another database.

use super::Sentence;

pub const SENTENCES: &[Sentence] = &[
    ("help_backup", "备份全部数据到一个文件（可在服务运行时进行）", "Back everything up into one file, also while the service runs"),
    (
        "help_restore",
        "用备份文件恢复出一个数据文件夹（--data 指新文件夹），并逐项核对",
        "Make a data folder (--data) from a backup, and check all of it",
    ),
    ("help_relocate", "把数据迁到另一个数据库（先停止服务）", "Move the state to another database (stop the service first)"),
    ("help_arg_backup_file", "备份写到哪个文件（.zip，须尚不存在）", "The file to write (.zip, not there yet)"),
    (
        "help_arg_with_keys",
        "密钥另存为这个文件。须与备份分开保管：两者在一处，等于没有加密",
        "Also write the keys, into this file; keep it apart from the backup, or nothing is sealed",
    ),
    ("help_arg_restore_file", "备份文件", "The backup"),
    (
        "help_arg_restore_keys",
        "密钥文件（backup --with-keys 写出）；不写则须先把密钥放进新文件夹的 keys 中",
        "The keys (from backup --with-keys); without it the key files must lie in the new folder's keys already",
    ),
    (
        "help_arg_relocate_to",
        "迁到哪里：postgres://…（空数据库），或 folder（迁回文件夹内）",
        "Where to: postgres://… (an empty database), or folder (the file in the data folder)",
    ),
    (
        "backup_done",
        "已备份到 {path}：数据 {rows} 行，文件 {files} 个，日志 {leaves} 条。其中有公开之前须保密的内容，请与数据文件夹同样保管",
        "backed up into {path}: {rows} rows, {files} files, {leaves} leaves. What is sealed until publication is in it: keep it like the data folder",
    ),
    ("backup_keys_done", "密钥已写入 {path}。请与备份分开保管", "the keys are in {path}; keep them apart from the backup"),
    (
        "backup_without_keys",
        "备份中没有密钥。没有密钥就不能恢复：请确认密钥另有备份（--with-keys）",
        "the keys are not in it, and without them nothing can be restored: make sure that they are kept elsewhere (--with-keys)",
    ),
    (
        "restore_done",
        "已恢复到 {folder}（{at} 的备份）：{submissions} 个上报版本，{originals} 份原件，{facts} 个事实文件，{leaves} 条日志",
        "restored into {folder} (backup of {at}): versions: {submissions}, originals: {originals}, facts: {facts}, leaves: {leaves}",
    ),
    (
        "relocate_done",
        "已迁移 {tables} 个表共 {rows} 行、{leaves} 条日志，逐表核对一致。现在起用新数据库；请重新启动服务，确认无误后把原来的 mingchou.db 移走保存",
        "moved: tables {tables}, rows {rows}, leaves {leaves}, each table held against the old one. The new database counts from now on: start the service again, and put the old mingchou.db away",
    ),
    (
        "relocate_back",
        "已迁移 {tables} 个表共 {rows} 行、{leaves} 条日志，逐表核对一致。现在起用文件夹内的 mingchou.db；请重新启动服务",
        "moved: tables {tables}, rows {rows}, leaves {leaves}, each table held against the old one. The folder’s mingchou.db counts from now on: start the service again",
    ),
    (
        "backup_exists",
        "{path} 已经存在。备份不覆盖旧文件，请换一个文件名",
        "{path} is there already; a backup overwrites nothing, choose another name",
    ),
    ("backup_unreadable", "{path} 不是完整的备份文件，可能没有写完。请换一份备份", "{path} is no whole backup, perhaps cut short; take another one"),
    (
        "backup_altered",
        "备份 {path} 中的 {part} 与清单不符，已损坏或被改动。没有恢复任何内容，请换一份备份",
        "in the backup {path}, {part} is not what its manifest says: damaged or altered; nothing was restored, take another one",
    ),
    (
        "backup_newer",
        "备份 {path} 由更新的程序（{program}）制作。请用该版本或更新的程序恢复",
        "the backup {path} was made by a newer program ({program}); restore it with that one",
    ),
    ("backup_keys_file", "{path} 不是密钥文件（应由 backup --with-keys 写出）", "{path} is no file of keys (backup --with-keys writes one)"),
    (
        "backup_keys_missing",
        "缺少密钥 {path}。请用 --keys 给出密钥文件，或先把密钥放到该处",
        "the key {path} is missing; give the file of keys by --keys, or put the key there first",
    ),
    ("backup_keys_differ", "{path} 处已有另一把密钥。请换一个文件夹", "another key lies at {path}; choose another folder"),
    (
        "backup_other_log",
        "密钥属于另一个日志：备份的日志是 {expected}，密钥是 {found}",
        "these keys belong to another log: the backup’s is {expected}, the keys’ is {found}",
    ),
    (
        "database_occupied",
        "目标数据库不是空的（{table} 表中有数据）。请新建一个空数据库",
        "the database is not empty (the table {table} has rows); make a new one",
    ),
    (
        "database_variable",
        "环境变量 {name} 指定了数据库，文件夹里写的地址不起作用。请先取消该变量",
        "the environment names the database by {name}, so that what the folder says would not count; unset it first",
    ),
    ("relocate_same", "数据已经在那里", "the state is there already"),
    (
        "copy_differs",
        "{table} 表复制后与原来不一致，未作改动。请保留现场并报告",
        "the copy of the table {table} differs from what was there; nothing was changed; keep all as it is and report it",
    ),
    ("copy_row", "{table} 表中有一行不合表结构，未作改动", "a row of the table {table} does not fit; nothing was changed"),
    (
        "store_busy",
        "数据库正忙，有人正在写入。请稍候再试（{reason}）",
        "the database is busy with somebody else’s write; try again in a moment ({reason})",
    ),
    (
        "store_text",
        "文字中有数据库不能保存的字符（如空字符）。请改正后再试（{reason}）",
        "a text holds a character that the database can’t keep, like NUL; mend it ({reason})",
    ),
];
