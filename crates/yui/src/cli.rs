//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Yui (結): sales pipeline, fair work queue, QA and honest mail for a town's telework programme.
#[derive(Debug, Parser)]
#[command(name = "yui", version, about, max_term_width = 100)]
pub struct Cli {
    /// Directory of the database, files and keys; comes before `YUI_DATA`
    #[arg(long, global = true, value_name = "DIRECTORY")]
    pub data: Option<PathBuf>,
    /// Address and port of the web server, or the port alone; comes before `YUI_LISTEN`
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Every command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Everything in one process: database, web, tasks, mail, sandbox mailbox
    Up(UpArgs),
    /// The web server alone (needs `DATABASE_URL` or a running `yui up`)
    Serve,
    /// Background tasks and mail alone
    Work,
    /// Bring the database's schema up to date
    Migrate,
    /// Towns
    #[command(subcommand)]
    Organization(OrganizationCommand),
    /// Fill a demo town (invented figures, marked as such) and print its sign-ins
    Demo(DemoArgs),
    /// Check everything that has to be in place and say what is missing
    Doctor(DoctorArgs),
    /// Print the OpenAPI 3.1 description of the JSON API
    Openapi,
    /// Make an API token for a person
    Token(TokenArgs),
    /// Read public data into the database
    #[command(subcommand)]
    Import(ImportCommand),
    /// Hold promised days against histories that are in files (JSON, described in tests/histories/README.md): of the days that
    /// held in 85 of 100 runs, how many were kept
    Calibrate(CalibrateArgs),
    /// Seal every bank account anew under a new key; the old key stays in the data directory for older backups
    RotateSealingKey,
    /// Write database, files and keys to a new directory, with a manifest of hashes
    Backup(BackupArgs),
    /// Read such a directory into an empty place
    Restore(BackupArgs),
}

/// Arguments of `up`.
#[derive(Debug, Args)]
pub struct UpArgs {
    /// Fill the demo town first, unless it is there
    #[arg(long)]
    pub demo: bool,
}

/// Arguments of `doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Check nothing, but print the SQL with which a superuser makes the three roles of Yui in a database of your own server
    #[arg(long)]
    pub roles: bool,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Also in a database that holds other towns
    #[arg(long)]
    pub beside_real_towns: bool,
    /// Bring the demo town to so many invented deals, with ten activities each and companies in proportion, to see how
    /// Yui does with many; interrupted, it goes on where it was
    #[arg(long, value_name = "DEALS", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub scale: Option<u32>,
    /// Bring the demo town to so many invented units of work, in two hundred running orders, to see how Yui does with many
    #[arg(long, value_name = "UNITS", value_parser = clap::value_parser!(u32).range(200..=10_000_000))]
    pub scale_units: Option<u32>,
    /// Fill no demo town, but play the month of a scenario file (JSON, described in the README) under the fair rule and under
    /// first come, and compare how evenly and how punctually work was done; in a database of its own that is taken away again,
    /// or in the empty one that --data or `DATABASE_URL` names
    #[arg(long, value_name = "FILE", conflicts_with_all = ["beside_real_towns", "scale", "scale_units"])]
    pub simulate: Option<PathBuf>,
    /// Print the comparison as JSON, with everybody in it
    #[arg(long, requires = "simulate")]
    pub json: bool,
}

/// Towns.
#[derive(Debug, Subcommand)]
pub enum OrganizationCommand {
    /// Open a town with its first administrator, who is invited by mail
    Create(CreateArgs),
    /// List the towns
    List,
}

/// Arguments of `organization create`.
#[derive(Debug, Args)]
pub struct CreateArgs {
    /// Short name in addresses: lower-case letters, digits and hyphens
    pub slug: String,
    /// Name as people know it
    pub name: String,
    /// Six-digit municipal code
    #[arg(long)]
    pub municipal_code: Option<String>,
    /// Language: ja or en
    #[arg(long, default_value = "ja")]
    pub language: String,
    /// The body that signs terms and invoices, if it is not the name
    #[arg(long)]
    pub legal_name: Option<String>,
    /// Mail address of the first administrator
    #[arg(long)]
    pub admin_email: String,
    /// Family name of the first administrator
    #[arg(long)]
    pub admin_name: String,
}

/// Arguments of `token`.
#[derive(Debug, Args)]
pub struct TokenArgs {
    /// The town's short name
    pub slug: String,
    /// Whose token
    pub email: String,
    /// What it is for
    #[arg(long, default_value = "command line")]
    pub name: String,
    /// May change things
    #[arg(long)]
    pub write: bool,
    /// Valid for so many days
    #[arg(long, default_value_t = 90)]
    pub days: u16,
}

/// Public data.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// The corporate-number register (国税庁法人番号公表サイト), CP932 or Unicode edition
    Registry {
        /// The published CSV file
        file: PathBuf,
    },
    /// Banks and branches by their codes, so that a wrong code is noticed; takes effect at the next start
    Banks {
        /// A directory with banks.json and branches/CODE.json, as zengin-code/source-data has them
        directory: PathBuf,
    },
}

/// Arguments of `calibrate`.
#[derive(Debug, Args)]
pub struct CalibrateArgs {
    /// The files
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Runs for each day on which something was given
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub runs: u32,
    /// What the runs are drawn from: the same seed gives the same answer
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Arguments of `backup` and `restore`.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// The directory
    pub directory: PathBuf,
}

impl Cli {
    /// What the command line says about the setting called `name`.
    pub(crate) fn setting(&self, name: &str) -> Option<String> {
        match name {
            "YUI_DATA" => self.data.as_ref().map(|path| path.display().to_string()),
            "YUI_LISTEN" => self.listen.as_ref().map(|listen| match listen.parse::<u16>() {
                Ok(port) => format!("127.0.0.1:{port}"),
                Err(_not_a_port_alone) => listen.clone(),
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }

    #[test]
    fn what_the_command_line_says_comes_first() {
        let cli = super::Cli::parse_from(["yui", "up", "--data", "/srv/a town", "--listen", "9000"]);
        assert_eq!(cli.setting("YUI_DATA").as_deref(), Some("/srv/a town"));
        assert_eq!(cli.setting("YUI_LISTEN").as_deref(), Some("127.0.0.1:9000"));
        let cli = super::Cli::parse_from(["yui", "--listen", "[::1]:80", "doctor"]);
        assert_eq!(cli.setting("YUI_LISTEN").as_deref(), Some("[::1]:80"));
        assert_eq!(cli.setting("YUI_DATA"), None);
    }
}
