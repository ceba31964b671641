api <- "https://tflink.example.org/api/v1"
ing1 <- read.delim(paste0(api, "/interactions/?tf=Q9UK53&target=Q07812&format=tsv"),
                   quote = "", na.strings = "-", colClasses = "character")
print(t(ing1))
