api <- "https://tflink.example.org/api/v1"
targets <- read.delim(paste0(api, "/interactions/?tf=Q9UK53&small_scale=yes&format=tsv"),
                      quote = "", na.strings = "-", colClasses = "character")
print(targets$Name.Target)
